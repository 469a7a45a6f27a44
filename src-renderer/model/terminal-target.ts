/** Questions about the places in which a terminal can be. */
import { findContainerStatus } from '@common/api/pod-helpers.ts'
import type { Pod } from '@common/api/core.ts'
import type { LabStatus, NodeView } from '@common/lab/lab-status.ts'
import type { TerminalStatus, TerminalTarget } from '@common/lab/terminal.ts'

/** Equal for equal targets. */
export function terminalTargetKey(target: TerminalTarget): string {
  switch (target.kind) {
    case 'node':
      return `node/${target.node}`
    case 'container':
      return ['container', target.node, target.namespace, target.pod, target.container ?? ''].join('/')
    case 'kubectl':
      return 'kubectl'
  }
}

/** What a tab says: the node, or container and pod. The word kubectl is the program's name in every language. */
export function terminalTargetName(target: TerminalTarget): string {
  switch (target.kind) {
    case 'node':
      return target.node
    case 'container':
      return target.container === undefined ? target.pod : `${target.container} · ${target.pod}`
    case 'kubectl':
      return 'kubectl'
  }
}

export interface TerminalChoices {
  nodes: { name: string; role: 'control-plane' | 'worker'; isOn: boolean }[]
  hasKubectl: boolean
  /** Containers that run, by node and pod. */
  containers: Extract<TerminalTarget, { kind: 'container' }>[]
}

/** What a terminal can be opened in. Simulated nodes have no shells, so they are in no list. */
export function computeTerminalChoices(
  { nodes, apiServer }: LabStatus,
  viewOf: (node: string) => NodeView | undefined,
): TerminalChoices {
  return {
    nodes: nodes.map(({ name, role, state }) => ({ name, role, isOn: state === 'running' })),
    hasKubectl: apiServer !== undefined,
    containers: nodes.flatMap(({ name }) => (viewOf(name)?.pods ?? []).flatMap((pod) => runningContainers(name, pod))),
  }
}

function runningContainers(node: string, { metadata, status }: Pod): TerminalChoices['containers'] {
  const { name: pod, namespace = 'default' } = metadata
  if (typeof pod !== 'string') return []
  const { containerStatuses, initContainerStatuses } = status ?? {}
  const all = [containerStatuses, initContainerStatuses].flatMap((list) => (Array.isArray(list) ? list : []))
  return all
    .filter(({ state }) => state?.running !== undefined)
    .map(({ name: container }) => ({ kind: 'container', node, namespace, pod, container }))
}

/** What became of the container in which an ended terminal was. */
export type ContainerFate =
  /** The kubelet started it anew, at that time (RFC 3339). */
  | { kind: 'restarted'; startedAt: string }
  /** It does not run now; with the kubelet's reason, such as CrashLoopBackOff. */
  | { kind: 'down'; reason: string | undefined }
  /** Its pod is not there any more. */
  | { kind: 'gone' }
  /** It runs on: the shell ended by itself. */
  | { kind: 'runs' }

export function computeContainerFate(
  target: Extract<TerminalTarget, { kind: 'container' }>,
  { openedAt }: Pick<TerminalStatus, 'openedAt'>,
  view: NodeView | undefined,
): ContainerFate {
  const pod = view?.pods.find(
    ({ metadata }) => metadata.name === target.pod && (metadata.namespace ?? 'default') === target.namespace,
  )
  if (pod === undefined) return { kind: 'gone' }
  const name = target.container ?? pod.spec.containers[0]?.name
  const state = name === undefined ? undefined : findContainerStatus(pod, name)?.state
  if (state?.running === undefined) return { kind: 'down', reason: state?.waiting?.reason ?? state?.terminated?.reason }
  const { startedAt = '' } = state.running
  // The kubelet's times are whole seconds.
  return Date.parse(startedAt) + 999 > Date.parse(openedAt) ? { kind: 'restarted', startedAt } : { kind: 'runs' }
}

/** The place of a terminal in the query of the page's address, which opens it: `?node=node01`, `?kubectl`. */
export function terminalQuery(target: TerminalTarget): Record<string, string> {
  if (target.kind === 'kubectl') return { kubectl: '' }
  const { kind: _kind, ...fields } = target
  return Object.fromEntries(Object.entries(fields))
}

/** `undefined` when the query names no place. Whether the place exists, the app says. */
export function parseTerminalQuery(query: Readonly<Record<string, unknown>>): TerminalTarget | undefined {
  const { kubectl, node, namespace, pod, container } = query
  if (kubectl !== undefined) return { kind: 'kubectl' }
  if (typeof node !== 'string') return undefined
  if (typeof namespace !== 'string' || typeof pod !== 'string') return { kind: 'node', node }
  return { kind: 'container', node, namespace, pod, ...(typeof container === 'string' && { container }) }
}
