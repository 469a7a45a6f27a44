/**
 * What was seen, as values of CEL with types, so that an expression is checked before it runs. CEL's `int` is a bigint, and what may
 * be absent of a timeline's entry is empty here: `''`, or `{}` for its details.
 */
import type { Answer } from '../../common/experiments/experiment.ts'
import type {
  ActionLook,
  DefinitionLook,
  EventLook,
  Evidence,
  PodLook,
  SideLook,
  SideRecord,
  TimelineLook,
} from '../../common/experiments/side-record.ts'

/** Types of the fields of each kind, by the name of its type in CEL. */
export const CEL_FIELDS = {
  Pod: {
    ...{ kind: 'string', time: 'string', name: 'string', namespace: 'string', node: 'string', uid: 'string' },
    ...{ phase: 'string', status: 'string', ready: 'bool', running: 'bool', restarts: 'int', containerId: 'string' },
    ...{ image: 'string', edition: 'string', inKubelet: 'bool', inApi: 'bool', mirror: 'bool', apiUid: 'string' },
    ...{ resourceVersion: 'string', owner: 'string', madeBy: 'string', deleting: 'bool' },
  } satisfies Record<keyof PodLook, string>,
  Definition: {
    ...{ kind: 'string', time: 'string', what: 'string', where: 'string', present: 'bool', image: 'string' },
    ...{ generation: 'int', resourceVersion: 'string', desired: 'int', revisions: 'int' },
  } satisfies Record<keyof DefinitionLook, string>,
  Look: {
    ...{ time: 'string', apiServer: 'string', definition: 'Definition', pods: 'list<Pod>' },
  } satisfies Record<keyof SideLook, string>,
  Event: {
    ...{ kind: 'string', time: 'string', type: 'string', reason: 'string', message: 'string', about: 'string' },
    source: 'string',
  } satisfies Record<keyof EventLook, string>,
  Reference: { namespace: 'string', name: 'string', uid: 'string' },
  TimelineEntry: {
    ...{ kind: 'string', boot: 'string', sequence: 'int', time: 'string', node: 'string', type: 'string' },
    ...{ subject: 'string', reason: 'string', message: 'string', pod: 'Reference', container: 'string' },
    ...{ file: 'string', cause: 'string', details: 'map<string, dyn>' },
  } satisfies Record<keyof TimelineLook, string>,
  Action: {
    ...{ kind: 'string', time: 'string', act: 'string', ok: 'bool', message: 'string' },
  } satisfies Record<keyof ActionLook, string>,
} as const

/** Types of the names that an expression over one side may use; `looks` apart, which has names of its own in each experiment. */
export const RECORD_VARIABLES = {
  ...{ side: 'string', target: 'string', workers: 'list<string>', before: 'Look', now: 'Look' },
  ...{ events: 'list<Event>', timeline: 'list<TimelineEntry>', actions: 'list<Action>', usedFor: 'list<string>' },
} as const satisfies Record<Exclude<keyof SideRecord, 'looks'>, string>

/** A value with fields. CEL knows its type by its class; fields that are not declared cannot be named. */
class CelValue {
  /** What it was made from; evidence is answered with it. */
  readonly original: Evidence | undefined

  constructor(fields: object, original?: Evidence) {
    Object.assign(this, fields)
    this.original = original
  }
}

class PodValue extends CelValue {}
class DefinitionValue extends CelValue {}
class LookValue extends CelValue {}
class EventValue extends CelValue {}
class ReferenceValue extends CelValue {}
class TimelineValue extends CelValue {}
class ActionValue extends CelValue {}

export const CEL_CLASSES = {
  Pod: PodValue,
  Definition: DefinitionValue,
  Look: LookValue,
  Event: EventValue,
  Reference: ReferenceValue,
  TimelineEntry: TimelineValue,
  Action: ActionValue,
} as const satisfies Record<keyof typeof CEL_FIELDS, typeof CelValue>

/** The variables of an expression over one side. */
export function recordVariables(record: SideRecord): Record<string, unknown> {
  const { side, target, workers, before, now, looks, events, timeline, actions, usedFor } = record
  return {
    ...{ side, target, workers, usedFor },
    before: lookValue(before),
    now: lookValue(now),
    looks: Object.fromEntries(Object.entries(looks).map(([name, look]) => [name, lookValue(look)])),
    events: events.map((event) => new EventValue(event, event)),
    timeline: timeline.map(timelineValue),
    actions: actions.map((action) => new ActionValue(action, action)),
  }
}

function lookValue({ definition, pods, ...look }: SideLook): LookValue {
  return new LookValue({
    ...look,
    definition: new DefinitionValue(withIntegers(definition), definition),
    pods: pods.map((pod) => new PodValue(withIntegers(pod), pod)),
  })
}

function timelineValue(entry: TimelineLook): TimelineValue {
  const pod = new ReferenceValue(entry.pod ?? { namespace: '', name: '', uid: '' })
  const details = withIntegers(entry.details ?? {})
  return new TimelineValue({ container: '', file: '', cause: '', ...withIntegers(entry), pod, details }, entry)
}

function withIntegers(fields: object): object {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, toCel(value)]))
}

/** A number without a fraction is an `int`. */
export function toCel(value: unknown): unknown {
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value
}

/** @returns `undefined` for what no question may be answered with */
export function toAnswer(value: unknown): Answer | undefined {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  return typeof value === 'boolean' || typeof value === 'string' ? value : undefined
}

/** @returns `undefined` when it is no evidence */
export function toEvidence(value: unknown): Evidence | undefined {
  return value instanceof CelValue ? value.original : undefined
}

/** @throws TypeError: an expression that was not checked */
export function isRunningPod(value: unknown): boolean {
  if (!(value instanceof PodValue) || value.original?.kind !== 'pod') throw new TypeError('not a pod')
  return value.original.running
}

export function isPodOnNode(value: unknown, node: string): boolean {
  if (!(value instanceof PodValue) || value.original?.kind !== 'pod') throw new TypeError('not a pod')
  return value.original.node === node
}
