/** Lines of a pod that the recorded version had, and those that newer ones have instead. */

export const OLD_TOKEN = [
  '- /var/run/secrets/kubernetes.io/serviceaccount from default-token-ID (ro)',
  '- default-token-ID:',
  '- Type:  Secret (a volume populated by a Secret)',
  '- SecretName:  default-token-ID',
  '- Optional:  false',
]

export const NEW_TOKEN = [
  '+ /var/run/secrets/kubernetes.io/serviceaccount from kube-api-access-ID (ro)',
  '+ kube-api-access-ID:',
  '+ Type:  Projected (a volume that contains injected data from multiple sources)',
  '+ TokenExpirationSeconds:  3607',
  '+ ConfigMapName:  kube-root-ca.crt',
  '+ ConfigMapOptional:  <nil>',
  '+ DownwardAPI:  true',
]

export const OLD_EVENTS = [
  '- Normal  Pulled  AGE  kubelet  Container image "IMAGE" already present on machine',
  '- Normal  Created  AGE  kubelet  Created container c',
  '- Normal  Started  AGE  kubelet  Started container c',
]

export const NEW_EVENTS = [
  '+ Normal  Pulled  AGE  kubelet  Container image "IMAGE" already present on machine and can be accessed by the pod',
  '+ Normal  Created  AGE  kubelet  Container created',
  '+ Normal  Started  AGE  kubelet  Container started',
]

/** Of the JSON of a pod. */
export const NEWER_POD = [
  '- "name": "default-token-ID",',
  '- "secret": {',
  '- "secretName": "default-token-ID"',
  '+ "generation": N,',
  '+ "name": "kube-api-access-ID",',
  '+ "projected": {',
  '+ "sources": [',
  '+ "serviceAccountToken": {',
  '+ "expirationSeconds": 3607,',
  '+ "path": "token"',
  '+ "configMap": {',
  '+ "items": [',
  '+ "key": "ca.crt",',
  '+ "path": "ca.crt"',
  '+ "name": "kube-root-ca.crt"',
  '+ "downwardAPI": {',
  '+ "fieldRef": {',
  '+ "apiVersion": "v1",',
  '+ "fieldPath": "metadata.namespace"',
  '+ "path": "namespace"',
  '+ "observedGeneration": 1,',
  '+ "type": "PodReadyToStartContainers"',
  '+ "lastProbeTime": null,',
  '+ "lastTransitionTime": "TIME",',
  '+ "status": "True",',
  '+ "resources": {},',
  '+ "volumeMounts": [',
  '+ "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",',
  '+ "readOnly": true,',
  '+ "recursiveReadOnly": "Disabled"',
  '+ "hostIPs": [',
  '+ "ip": "IP"',
]
