/**
 * A pod's status as one line, which the recorded and the observed one are compared by. What a status has by custom is left
 * out (`Initialized` and `PodScheduled` that are True, messages that only say in other words what the line says); whatever
 * is unusual is in it. Left out, too, is what 1.20.2 had not: `PodReadyToStartContainers`, `hostIPs` (facts 2.7).
 */
import type {
  ContainerState,
  ContainerStatus,
  PodCondition,
  PodStatus,
} from '../../../src-main/common/api/pod-status.ts'

/** `redact` takes out of messages what is another one in every run. */
export function describeStatus(status: PodStatus, redact: (text: string) => string = (text) => text): string {
  const verdict = status.reason === undefined ? '' : ` ${status.reason} ${quoted(redact(status.message ?? ''))}`
  const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]
  const head = `${status.phase ?? 'Unknown'}${verdict}, ${describeConditions(status.conditions)}`
  return [head, ...containers.map((container) => describeContainer(container, redact))].join('; ')
}

function quoted(text: string): string {
  return JSON.stringify(text)
}

function describeConditions(conditions: readonly PodCondition[] = []): string {
  if (conditions.length === 0) return 'no conditions'
  const find = (type: string): PodCondition | undefined => conditions.find((condition) => condition.type === type)
  const ready = describeReadiness(find('Ready'))
  const containersReady = describeReadiness(find('ContainersReady'))
  const initialized = find('Initialized')
  return [
    ...(initialized?.status === 'True' ? [] : [describeUninitialized(initialized)]),
    ...(ready === containersReady ? [ready] : [`Ready ${ready}`, `ContainersReady ${containersReady}`]),
    ...(find('PodScheduled')?.status === 'True' ? [] : ['not scheduled']),
  ].join(', ')
}

function describeReadiness(condition: PodCondition | undefined): string {
  if (condition?.status === 'True') return 'ready'
  const { reason = '', message = '' } = condition ?? {}
  const unready = /^containers with unready status: (\[.*\])$/.exec(message)
  if (reason === 'ContainersNotReady' && unready !== null) return `unready ${unready[1]}`
  return `not ready (${[reason, message].filter((text) => text !== '').join(': ')})`
}

function describeUninitialized(condition: PodCondition | undefined): string {
  const { reason = '', message = '' } = condition ?? {}
  const incomplete = /^containers with incomplete status: (\[.*\])$/.exec(message)
  if (reason === 'ContainersNotInitialized' && incomplete !== null) return `uninitialized ${incomplete[1]}`
  return `not initialized (${reason}: ${message})`
}

function describeContainer(status: ContainerStatus, redact: (text: string) => string): string {
  const { name, state, lastState, ready, restartCount } = status
  const isRunning = state.running !== undefined
  return [
    `${name} ${describeState(state, redact)}`,
    ...(isRunning && status.started !== true ? ['not started'] : []),
    ...(isRunning && !ready ? ['not ready'] : []),
    ...(!isRunning && ready ? ['ready'] : []),
    ...(Object.keys(lastState).length === 0 ? [] : [`last ${describeState(lastState, redact)}`]),
    ...(restartCount === 0 ? [] : [`restarts ${restartCount}`]),
  ].join(', ')
}

function describeState({ waiting, running, terminated }: ContainerState, redact: (text: string) => string): string {
  const message = (text: string | undefined): string =>
    text === undefined || text === '' ? '' : ` ${quoted(redact(text))}`
  if (waiting !== undefined) return `waiting ${waiting.reason ?? ''}${message(waiting.message)}`
  if (running !== undefined) return 'running'
  if (terminated !== undefined)
    return `exited ${terminated.exitCode} ${terminated.reason ?? ''}${message(terminated.message)}`
  return 'no state'
}
