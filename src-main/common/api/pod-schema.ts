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
  atomic,
  BOOLEAN,
  INT32,
  INT64,
  map,
  mergedBy,
  object,
  oneOf,
  OPAQUE,
  pointer,
  QUANTITY,
  required,
  setOf,
  STRING,
  TIME,
} from './field-schema.ts'
import { LABEL_SELECTOR } from './label-selector-schema.ts'
import { VOLUME } from './volume-schema.ts'

/** Its `managedFields` are the server's own; a decoded object keeps them as they are. */
export const OBJECT_META = object('ObjectMeta', {
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
  ownerReferences: mergedBy(
    ['uid'],
    object('OwnerReference', {
      apiVersion: required(STRING),
      kind: required(STRING),
      name: required(STRING),
      uid: required(STRING),
      controller: pointer(BOOLEAN),
      blockOwnerDeletion: pointer(BOOLEAN),
    }),
  ),
  finalizers: setOf(STRING),
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

const NODE_SELECTOR_TERM = atomic(
  object('NodeSelectorTerm', { matchExpressions: NODE_SELECTOR_REQUIREMENTS, matchFields: NODE_SELECTOR_REQUIREMENTS }),
)

const NODE_SELECTOR = atomic(object('NodeSelector', { nodeSelectorTerms: required(array(NODE_SELECTOR_TERM)) }))

const NODE_AFFINITY = object('NodeAffinity', {
  requiredDuringSchedulingIgnoredDuringExecution: NODE_SELECTOR,
  preferredDuringSchedulingIgnoredDuringExecution: array(
    object('PreferredSchedulingTerm', { weight: required(INT32), preference: required(NODE_SELECTOR_TERM) }),
  ),
})

const POD_AFFINITY_TERM = object('PodAffinityTerm', {
  labelSelector: LABEL_SELECTOR,
  namespaces: array(STRING),
  topologyKey: required(STRING),
  namespaceSelector: LABEL_SELECTOR,
  matchLabelKeys: array(STRING),
  mismatchLabelKeys: array(STRING),
})

/** The same for pods that attract and pods that repel. */
const POD_AFFINITY_FIELDS = {
  requiredDuringSchedulingIgnoredDuringExecution: array(POD_AFFINITY_TERM),
  preferredDuringSchedulingIgnoredDuringExecution: array(
    object('WeightedPodAffinityTerm', { weight: required(INT32), podAffinityTerm: required(POD_AFFINITY_TERM) }),
  ),
}

const AFFINITY = object('Affinity', {
  nodeAffinity: NODE_AFFINITY,
  podAffinity: object('PodAffinity', POD_AFFINITY_FIELDS),
  podAntiAffinity: object('PodAntiAffinity', POD_AFFINITY_FIELDS),
})

const TOPOLOGY_SPREAD_CONSTRAINT = object('TopologySpreadConstraint', {
  maxSkew: required(INT32),
  topologyKey: required(STRING),
  whenUnsatisfiable: required(oneOf('DoNotSchedule', 'ScheduleAnyway')),
  labelSelector: LABEL_SELECTOR,
  minDomains: pointer(INT32),
  nodeAffinityPolicy: pointer(oneOf('Honor', 'Ignore')),
  nodeTaintsPolicy: pointer(oneOf('Honor', 'Ignore')),
  matchLabelKeys: array(STRING),
})

const DNS_CONFIG = object('PodDNSConfig', {
  nameservers: array(STRING),
  searches: array(STRING),
  options: array(object('PodDNSConfigOption', { name: STRING, value: pointer(STRING) })),
})

export const POD_SPEC = object('PodSpec', {
  volumes: { ...mergedBy(['name'], VOLUME), retainKeys: true },
  initContainers: mergedBy(['name'], CONTAINER),
  containers: required(mergedBy(['name'], CONTAINER)),
  ephemeralContainers: mergedBy(['name'], EPHEMERAL_CONTAINER),
  restartPolicy: oneOf('Always', 'OnFailure', 'Never'),
  terminationGracePeriodSeconds: pointer(INT64),
  activeDeadlineSeconds: pointer(INT64),
  dnsPolicy: oneOf('ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'),
  nodeSelector: atomic(map(STRING)),
  serviceAccountName: STRING,
  serviceAccount: STRING,
  automountServiceAccountToken: pointer(BOOLEAN),
  nodeName: STRING,
  hostNetwork: BOOLEAN,
  hostPID: BOOLEAN,
  hostIPC: BOOLEAN,
  shareProcessNamespace: pointer(BOOLEAN),
  securityContext: POD_SECURITY_CONTEXT,
  imagePullSecrets: mergedBy(['name'], atomic(object('LocalObjectReference', { name: STRING }))),
  hostname: STRING,
  subdomain: STRING,
  affinity: AFFINITY,
  schedulerName: STRING,
  tolerations: array(TOLERATION),
  hostAliases: mergedBy(['ip'], object('HostAlias', { ip: required(STRING), hostnames: array(STRING) })),
  priorityClassName: STRING,
  priority: pointer(INT32),
  dnsConfig: DNS_CONFIG,
  readinessGates: array(object('PodReadinessGate', { conditionType: required(STRING) })),
  runtimeClassName: pointer(STRING),
  enableServiceLinks: pointer(BOOLEAN),
  preemptionPolicy: pointer(oneOf('Never', 'PreemptLowerPriority')),
  overhead: map(QUANTITY),
  topologySpreadConstraints: {
    ...mergedBy(['topologyKey'], TOPOLOGY_SPREAD_CONSTRAINT),
    listMapKeys: ['topologyKey', 'whenUnsatisfiable'],
  },
  setHostnameAsFQDN: pointer(BOOLEAN),
  os: object('PodOS', { name: required(oneOf('linux', 'windows')) }),
  hostUsers: pointer(BOOLEAN),
  schedulingGates: mergedBy(['name'], object('PodSchedulingGate', { name: required(STRING) })),
  resourceClaims: {
    ...mergedBy(
      ['name'],
      object('PodResourceClaim', {
        name: required(STRING),
        resourceClaimName: pointer(STRING),
        resourceClaimTemplateName: pointer(STRING),
      }),
    ),
    retainKeys: true,
  },
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
