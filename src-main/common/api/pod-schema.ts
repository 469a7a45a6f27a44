/** Schema of `core/v1` Pod as a manifest may write it (Kubernetes 1.35). `status` is opaque: a kubelet makes its own. */
import {
  APPARMOR_PROFILE,
  CONTAINER,
  EPHEMERAL_CONTAINER,
  RESOURCE_REQUIREMENTS,
  SECCOMP_PROFILE,
  SELINUX_OPTIONS,
  WINDOWS_OPTIONS,
} from './container-schema.ts'
import {
  array,
  BOOLEAN,
  INT32,
  INT64,
  map,
  object,
  oneOf,
  OPAQUE,
  pointer,
  QUANTITY,
  required,
  STRING,
  TIME,
} from './field-schema.ts'
import { VOLUME } from './volume-schema.ts'

const OBJECT_META = object('ObjectMeta', {
  name: STRING,
  generateName: STRING,
  namespace: STRING,
  selfLink: STRING,
  uid: STRING,
  resourceVersion: STRING,
  generation: INT64,
  creationTimestamp: TIME,
  deletionTimestamp: TIME,
  deletionGracePeriodSeconds: pointer(INT64),
  labels: map(STRING),
  annotations: map(STRING),
  ownerReferences: array(
    object('OwnerReference', {
      apiVersion: required(STRING),
      kind: required(STRING),
      name: required(STRING),
      uid: required(STRING),
      controller: pointer(BOOLEAN),
      blockOwnerDeletion: pointer(BOOLEAN),
    }),
  ),
  finalizers: array(STRING),
  managedFields: array(OPAQUE),
})

const POD_SECURITY_CONTEXT = object('PodSecurityContext', {
  seLinuxOptions: SELINUX_OPTIONS,
  windowsOptions: WINDOWS_OPTIONS,
  runAsUser: pointer(INT64),
  runAsGroup: pointer(INT64),
  runAsNonRoot: pointer(BOOLEAN),
  supplementalGroups: array(INT64),
  supplementalGroupsPolicy: pointer(oneOf('Merge', 'Strict')),
  fsGroup: pointer(INT64),
  sysctls: array(object('Sysctl', { name: required(STRING), value: required(STRING) })),
  fsGroupChangePolicy: pointer(oneOf('OnRootMismatch', 'Always')),
  seccompProfile: SECCOMP_PROFILE,
  appArmorProfile: APPARMOR_PROFILE,
  seLinuxChangePolicy: pointer(STRING),
})

const TOLERATION = object('Toleration', {
  key: STRING,
  operator: oneOf('Exists', 'Equal'),
  value: STRING,
  effect: oneOf('NoSchedule', 'PreferNoSchedule', 'NoExecute'),
  tolerationSeconds: pointer(INT64),
})

const NODE_SELECTOR_REQUIREMENTS = array(
  object('NodeSelectorRequirement', {
    key: required(STRING),
    operator: required(oneOf('In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt')),
    values: array(STRING),
  }),
)

const NODE_SELECTOR_TERM = object('NodeSelectorTerm', {
  matchExpressions: NODE_SELECTOR_REQUIREMENTS,
  matchFields: NODE_SELECTOR_REQUIREMENTS,
})

const NODE_AFFINITY = object('NodeAffinity', {
  requiredDuringSchedulingIgnoredDuringExecution: object('NodeSelector', {
    nodeSelectorTerms: required(array(NODE_SELECTOR_TERM)),
  }),
  preferredDuringSchedulingIgnoredDuringExecution: array(
    object('PreferredSchedulingTerm', { weight: required(INT32), preference: required(NODE_SELECTOR_TERM) }),
  ),
})

const DNS_CONFIG = object('PodDNSConfig', {
  nameservers: array(STRING),
  searches: array(STRING),
  options: array(object('PodDNSConfigOption', { name: STRING, value: pointer(STRING) })),
})

const POD_SPEC = object('PodSpec', {
  volumes: array(VOLUME),
  initContainers: array(CONTAINER),
  containers: required(array(CONTAINER)),
  ephemeralContainers: array(EPHEMERAL_CONTAINER),
  restartPolicy: oneOf('Always', 'OnFailure', 'Never'),
  terminationGracePeriodSeconds: pointer(INT64),
  activeDeadlineSeconds: pointer(INT64),
  dnsPolicy: oneOf('ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'),
  nodeSelector: map(STRING),
  serviceAccountName: STRING,
  serviceAccount: STRING,
  automountServiceAccountToken: pointer(BOOLEAN),
  nodeName: STRING,
  hostNetwork: BOOLEAN,
  hostPID: BOOLEAN,
  hostIPC: BOOLEAN,
  shareProcessNamespace: pointer(BOOLEAN),
  securityContext: POD_SECURITY_CONTEXT,
  imagePullSecrets: array(object('LocalObjectReference', { name: STRING })),
  hostname: STRING,
  subdomain: STRING,
  affinity: object('Affinity', { nodeAffinity: NODE_AFFINITY, podAffinity: OPAQUE, podAntiAffinity: OPAQUE }),
  schedulerName: STRING,
  tolerations: array(TOLERATION),
  hostAliases: array(object('HostAlias', { ip: required(STRING), hostnames: array(STRING) })),
  priorityClassName: STRING,
  priority: pointer(INT32),
  dnsConfig: DNS_CONFIG,
  readinessGates: array(object('PodReadinessGate', { conditionType: required(STRING) })),
  runtimeClassName: pointer(STRING),
  enableServiceLinks: pointer(BOOLEAN),
  preemptionPolicy: pointer(oneOf('Never', 'PreemptLowerPriority')),
  overhead: map(QUANTITY),
  topologySpreadConstraints: array(OPAQUE),
  setHostnameAsFQDN: pointer(BOOLEAN),
  os: object('PodOS', { name: required(oneOf('linux', 'windows')) }),
  hostUsers: pointer(BOOLEAN),
  schedulingGates: array(object('PodSchedulingGate', { name: required(STRING) })),
  resourceClaims: array(
    object('PodResourceClaim', {
      name: required(STRING),
      resourceClaimName: pointer(STRING),
      resourceClaimTemplateName: pointer(STRING),
    }),
  ),
  resources: RESOURCE_REQUIREMENTS,
  hostnameOverride: pointer(STRING),
  workloadRef: OPAQUE,
})

export const POD_SCHEMA = object('Pod', {
  apiVersion: STRING,
  kind: STRING,
  metadata: required(OBJECT_META),
  spec: required(POD_SPEC),
  status: OPAQUE,
})
