/** The static pods that a control plane is: what can be stopped by moving a manifest out of its folder, as on any kubeadm node. */
export const CONTROL_PLANE_COMPONENTS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const

export type ControlPlaneComponent = (typeof CONTROL_PLANE_COMPONENTS)[number]

/** `missing`: its manifest is neither in the folder nor put aside. */
export type ComponentState = 'placed' | 'aside' | 'missing'

export interface ComponentStatus {
  component: ControlPlaneComponent
  /** File name of its manifest. */
  file: string
  state: ComponentState
  /** Where the manifest is, or would be, on this machine. */
  path: string
}

export function isControlPlaneComponent(name: string): name is ControlPlaneComponent {
  return CONTROL_PLANE_COMPONENTS.some((component) => component === name)
}

/** A reason why a name is none, or nothing. */
export function componentFault(name: string): string | undefined {
  if (isControlPlaneComponent(name)) return undefined
  return `"${name.slice(0, 100)}" is no component of a control plane; those are ${CONTROL_PLANE_COMPONENTS.join(', ')}`
}
