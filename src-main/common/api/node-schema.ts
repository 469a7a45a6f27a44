/** Schema of `core/v1` Node (Kubernetes 1.35). */
import {
  array,
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
import { kindSchema } from './kind-schema.ts'
import { CONDITION_FIELDS } from './pod-status-schema.ts'

const TAINT = object('Taint', {
  key: required(STRING),
  value: STRING,
  effect: required(oneOf('NoSchedule', 'PreferNoSchedule', 'NoExecute')),
  timeAdded: TIME,
})

const NODE_SPEC = object('NodeSpec', {
  podCIDR: STRING,
  podCIDRs: setOf(STRING),
  providerID: STRING,
  unschedulable: BOOLEAN,
  taints: array(TAINT),
  configSource: OPAQUE,
  externalID: STRING,
})

const NODE_SYSTEM_INFO = object('NodeSystemInfo', {
  machineID: required(STRING),
  systemUUID: required(STRING),
  bootID: required(STRING),
  kernelVersion: required(STRING),
  osImage: required(STRING),
  containerRuntimeVersion: required(STRING),
  kubeletVersion: required(STRING),
  kubeProxyVersion: required(STRING),
  operatingSystem: required(STRING),
  architecture: required(STRING),
  swap: OPAQUE,
})

const NODE_STATUS = object('NodeStatus', {
  capacity: map(QUANTITY),
  allocatable: map(QUANTITY),
  phase: STRING,
  conditions: mergedBy(['type'], object('NodeCondition', { ...CONDITION_FIELDS, lastHeartbeatTime: TIME })),
  addresses: mergedBy(['type'], object('NodeAddress', { type: required(STRING), address: required(STRING) })),
  daemonEndpoints: object('NodeDaemonEndpoints', {
    kubeletEndpoint: object('DaemonEndpoint', { Port: required(INT32) }),
  }),
  nodeInfo: NODE_SYSTEM_INFO,
  images: array(object('ContainerImage', { names: array(STRING), sizeBytes: INT64 })),
  volumesInUse: array(STRING),
  volumesAttached: array(object('AttachedVolume', { name: required(STRING), devicePath: required(STRING) })),
  config: OPAQUE,
  runtimeHandlers: array(
    object('NodeRuntimeHandler', {
      name: STRING,
      features: object('NodeRuntimeHandlerFeatures', {
        recursiveReadOnlyMounts: pointer(BOOLEAN),
        userNamespaces: pointer(BOOLEAN),
      }),
    }),
  ),
  features: object('NodeFeatures', { supplementalGroupsPolicy: pointer(BOOLEAN) }),
  declaredFeatures: array(STRING),
})

export const NODE_SCHEMA = kindSchema('Node', { spec: NODE_SPEC, status: NODE_STATUS })
