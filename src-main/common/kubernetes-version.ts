/** The Kubernetes release whose behaviour Node Lab follows: what kubelets and the control plane say that they are. */
export const KUBERNETES_VERSION = 'v1.35.0'
