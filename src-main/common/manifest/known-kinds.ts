/** Kinds that a kubelet's decoder knows and kinds that only a cluster knows: the two are refused in different words. */

/** Kinds of `v1`, all registered in a kubelet: `invalid pod: &core.ConfigMap{...}` (facts 1.3.2). */
export const CORE_KINDS: ReadonlySet<string> = new Set([
  'Binding',
  'ComponentStatus',
  'ComponentStatusList',
  'ConfigMap',
  'ConfigMapList',
  'Endpoints',
  'EndpointsList',
  'Event',
  'EventList',
  'LimitRange',
  'LimitRangeList',
  'List',
  'Namespace',
  'NamespaceList',
  'Node',
  'NodeList',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'PersistentVolumeClaimList',
  'PersistentVolumeList',
  'Pod',
  'PodList',
  'PodTemplate',
  'PodTemplateList',
  'RangeAllocation',
  'ReplicationController',
  'ReplicationControllerList',
  'ResourceQuota',
  'ResourceQuotaList',
  'Secret',
  'SecretList',
  'Service',
  'ServiceAccount',
  'ServiceAccountList',
  'ServiceList',
])

/** Other kinds of Kubernetes itself, by API group; a kubelet has them not registered. */
const GROUP_KINDS: Readonly<Record<string, readonly string[]>> = {
  apps: ['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  batch: ['CronJob', 'Job'],
  autoscaling: ['HorizontalPodAutoscaler'],
  'networking.k8s.io': ['Ingress', 'IngressClass', 'IPAddress', 'NetworkPolicy', 'ServiceCIDR'],
  policy: ['PodDisruptionBudget'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  'storage.k8s.io': [
    'CSIDriver',
    'CSINode',
    'CSIStorageCapacity',
    'StorageClass',
    'VolumeAttachment',
    'VolumeAttributesClass',
  ],
  'scheduling.k8s.io': ['PriorityClass'],
  'coordination.k8s.io': ['Lease'],
  'discovery.k8s.io': ['EndpointSlice'],
  'node.k8s.io': ['RuntimeClass'],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  'apiregistration.k8s.io': ['APIService'],
  'admissionregistration.k8s.io': [
    'MutatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'ValidatingWebhookConfiguration',
  ],
  'certificates.k8s.io': ['CertificateSigningRequest', 'ClusterTrustBundle'],
  'resource.k8s.io': ['DeviceClass', 'ResourceClaim', 'ResourceClaimTemplate', 'ResourceSlice'],
  'flowcontrol.apiserver.k8s.io': ['FlowSchema', 'PriorityLevelConfiguration'],
  'kubelet.config.k8s.io': ['KubeletConfiguration'],
  'events.k8s.io': ['Event'],
  extensions: ['DaemonSet', 'Deployment', 'Ingress', 'ReplicaSet'],
}

/** Whether Kubernetes has this kind in the API group of this version (`apps/v1`, `v1`). */
export function isKubernetesKind(apiVersion: string, kind: string): boolean {
  const slash = apiVersion.indexOf('/')
  if (slash < 0) return apiVersion === 'v1' && CORE_KINDS.has(kind)
  const group = apiVersion.slice(0, slash)
  return Object.hasOwn(GROUP_KINDS, group) && (GROUP_KINDS[group]?.includes(kind) ?? false)
}

/** The API versions' groups in which Kubernetes has a kind of this name; `''` is the core group. */
export function groupsOfKind(kind: string): string[] {
  const groups = Object.keys(GROUP_KINDS).filter((group) => GROUP_KINDS[group]?.includes(kind))
  return CORE_KINDS.has(kind) ? ['', ...groups] : groups
}
