/** Labels and annotations that a kubelet writes on pods and containers (facts 2.19.2, 1.4.5). */

export const POD_NAME_LABEL = 'io.kubernetes.pod.name'
export const POD_NAMESPACE_LABEL = 'io.kubernetes.pod.namespace'
export const POD_UID_LABEL = 'io.kubernetes.pod.uid'
export const CONTAINER_NAME_LABEL = 'io.kubernetes.container.name'
/** `podsandbox` or `container`: written by the runtime service, as dockershim did. */
export const CONTAINER_TYPE_LABEL = 'io.kubernetes.docker.type'
export const SANDBOX_ID_LABEL = 'io.kubernetes.sandbox.id'
export const CONTAINER_LOG_PATH_LABEL = 'io.kubernetes.container.logpath'

export const CONTAINER_HASH_ANNOTATION = 'io.kubernetes.container.hash'
export const CONTAINER_RESTART_COUNT_ANNOTATION = 'io.kubernetes.container.restartCount'
export const CONTAINER_TERMINATION_MESSAGE_PATH_ANNOTATION = 'io.kubernetes.container.terminationMessagePath'
export const CONTAINER_TERMINATION_MESSAGE_POLICY_ANNOTATION = 'io.kubernetes.container.terminationMessagePolicy'
export const CONTAINER_PORTS_ANNOTATION = 'io.kubernetes.container.ports'
export const CONTAINER_PRE_STOP_HANDLER_ANNOTATION = 'io.kubernetes.container.preStopHandler'
export const POD_TERMINATION_GRACE_PERIOD_ANNOTATION = 'io.kubernetes.pod.terminationGracePeriod'

export const CONFIG_HASH_ANNOTATION = 'kubernetes.io/config.hash'
export const CONFIG_SOURCE_ANNOTATION = 'kubernetes.io/config.source'
export const CONFIG_SEEN_ANNOTATION = 'kubernetes.io/config.seen'
export const CONFIG_MIRROR_ANNOTATION = 'kubernetes.io/config.mirror'
