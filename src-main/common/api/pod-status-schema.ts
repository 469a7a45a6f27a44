/** Schema of a Pod as the API serves it: with its status (Kubernetes 1.35). */
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
  STRING,
  TIME,
  type ObjectSchema,
} from './field-schema.ts'
import { RESOURCE_REQUIREMENTS } from './container-schema.ts'
import { POD_SCHEMA } from './pod-schema.ts'

/** What conditions of all kinds have; their lists are merged by `type`. */
export const CONDITION_FIELDS = {
  type: required(STRING),
  status: required(oneOf('True', 'False', 'Unknown')),
  lastTransitionTime: TIME,
  reason: STRING,
  message: STRING,
}

const CONTAINER_STATE = object('ContainerState', {
  waiting: object('ContainerStateWaiting', { reason: STRING, message: STRING }),
  running: object('ContainerStateRunning', { startedAt: TIME }),
  terminated: object('ContainerStateTerminated', {
    exitCode: required(INT32),
    signal: INT32,
    reason: STRING,
    message: STRING,
    startedAt: TIME,
    finishedAt: TIME,
    containerID: STRING,
  }),
})

const CONTAINER_STATUS = object('ContainerStatus', {
  name: required(STRING),
  state: CONTAINER_STATE,
  lastState: CONTAINER_STATE,
  ready: required(BOOLEAN),
  restartCount: required(INT32),
  image: required(STRING),
  imageID: required(STRING),
  containerID: STRING,
  started: pointer(BOOLEAN),
  allocatedResources: map(QUANTITY),
  resources: RESOURCE_REQUIREMENTS,
  volumeMounts: mergedBy(
    ['mountPath'],
    object('VolumeMountStatus', {
      name: required(STRING),
      mountPath: required(STRING),
      readOnly: BOOLEAN,
      recursiveReadOnly: pointer(STRING),
    }),
  ),
  user: object('ContainerUser', {
    linux: object('LinuxContainerUser', {
      uid: required(INT64),
      gid: required(INT64),
      supplementalGroups: array(INT64),
    }),
  }),
  allocatedResourcesStatus: OPAQUE,
  stopSignal: pointer(STRING),
})

const POD_IP = object('PodIP', { ip: required(STRING) })

const POD_STATUS = object('PodStatus', {
  observedGeneration: INT64,
  phase: oneOf('Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'),
  conditions: mergedBy(
    ['type'],
    object('PodCondition', { ...CONDITION_FIELDS, observedGeneration: INT64, lastProbeTime: TIME }),
  ),
  message: STRING,
  reason: STRING,
  nominatedNodeName: STRING,
  hostIP: STRING,
  hostIPs: { ...array(object('HostIP', { ip: required(STRING) })), patchMergeKey: 'ip' },
  podIP: STRING,
  podIPs: mergedBy(['ip'], POD_IP),
  startTime: TIME,
  initContainerStatuses: array(CONTAINER_STATUS),
  containerStatuses: array(CONTAINER_STATUS),
  qosClass: oneOf('Guaranteed', 'Burstable', 'BestEffort'),
  ephemeralContainerStatuses: array(CONTAINER_STATUS),
  resize: STRING,
  resourceClaimStatuses: mergedBy(
    ['name'],
    object('PodResourceClaimStatus', { name: required(STRING), resourceClaimName: pointer(STRING) }),
  ),
  allocatedResources: map(QUANTITY),
  resources: RESOURCE_REQUIREMENTS,
})

export const SERVED_POD_SCHEMA: ObjectSchema = object('Pod', { ...POD_SCHEMA.fields, status: POD_STATUS })
