/** One line of the journal of actions, read with distrust: a kill or a full disk may have damaged it, a person may have edited it. */
import type { UserAction, UserActionKind } from '../../common/lab/user-action.ts'

/** By kind, so that a kind without an entry does not compile. */
const KINDS: Readonly<Record<UserActionKind, true>> = {
  ManifestAdded: true,
  ManifestReplaced: true,
  ManifestRemoved: true,
  ContainerCrashed: true,
  KubeletStopped: true,
  KubeletStarted: true,
  KubeletRestarted: true,
  NodeAdded: true,
  NodeRemoved: true,
  NodeStopped: true,
  NodeStarted: true,
  NodePoweredOff: true,
  NodeCordoned: true,
  NodeUncordoned: true,
  NodeDrained: true,
  NodeSettingsChanged: true,
  ControlPlaneAdded: true,
  ComponentStopped: true,
  ComponentStarted: true,
  ApiPodDeleted: true,
  SchedulingChanged: true,
  LabStarted: true,
  LabStopped: true,
}

/** Far more than the names in an action can make. */
const MAX_LINE_LENGTH = 8192

/** `undefined` for a line that is none of ours, or no longer whole. */
export function readAction(line: string, lab: string): UserAction | undefined {
  if (line.length > MAX_LINE_LENGTH) return undefined
  const fields = parseObject(line)
  if (fields === undefined) return undefined
  const text = (name: string): string | undefined => {
    const value = fields.get(name)
    return typeof value === 'string' ? value : undefined
  }
  const id = text('id')
  const kind = text('kind')
  const time = text('time')
  if (id === undefined || time === undefined || Number.isNaN(Date.parse(time))) return undefined
  if (kind === undefined || !isKind(kind)) return undefined
  const action: UserAction = { id, lab, kind, time }
  for (const name of ['node', 'file', 'container', 'component'] as const) {
    const value = text(name)
    if (value !== undefined) action[name] = value
  }
  const pod = readPod(fields.get('pod'))
  if (pod !== undefined) action.pod = pod
  if (fields.get('failed') === true) action.failed = true
  return action
}

function parseObject(line: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? new Map(Object.entries(value)) : undefined
  } catch {
    // A line that is cut short: what it said is lost, and the others are not.
    return undefined
  }
}

function isKind(word: string): word is UserActionKind {
  return Object.hasOwn(KINDS, word)
}

function readPod(value: unknown): UserAction['pod'] {
  if (typeof value !== 'object' || value === null) return undefined
  const { namespace, name } = value as Record<string, unknown>
  return typeof namespace === 'string' && typeof name === 'string' ? { namespace, name } : undefined
}
