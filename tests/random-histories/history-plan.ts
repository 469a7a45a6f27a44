/**
 * A cluster's history as plain data: what people, machines and the network do to it. A plan names what it means by number (the second
 * node, the third pod), so that it means something in every state and can be shrunk.
 */
import fc from 'fast-check'
import { NO_FAULTS, type Faults } from '../support/cluster/unreliable-client.ts'

export const NODE_NAMES = ['node1', 'node2', 'node3', 'node4', 'node5'] as const
export const SET_NAMES = ['agent', 'collector'] as const
export const STRATEGIES = ['one away', 'two away', 'half away', 'one more', 'on delete'] as const
export type Strategy = (typeof STRATEGIES)[number]

export type NodeHappening =
  | { does: 'add node' | 'remove node' | 'cordon' | 'uncordon' | 'untaint'; node: number }
  | { does: 'stop kubelet' | 'start kubelet'; node: number }
  | { does: 'taint'; node: number; effect: 'NoSchedule' | 'NoExecute' }
  | { does: 'label'; node: number; disk: 'ssd' | 'hdd' }

export type SetHappening =
  | { does: 'create set'; set: number; onSsdOnly: boolean; strategy: Strategy }
  /** A template of another version, or of an earlier one again. */
  | { does: 'update set'; set: number; version: number }
  | { does: 'change strategy'; set: number; strategy: Strategy }
  | { does: 'change selection'; set: number; onSsdOnly: boolean }
  | { does: 'delete set'; set: number }

export type DeploymentHappening =
  | { does: 'create deployment' | 'scale'; replicas: number }
  | { does: 'update deployment'; version: number }
  | { does: 'delete deployment' }

export interface PodHappening {
  does: 'delete pod' | 'delete pod by force' | 'fail pod'
  pod: number
}

export type ControlPlaneHappening =
  | { does: 'restart controllers' | 'stop controllers' | 'start controllers' | 'stop scheduler' | 'start scheduler' }
  | { does: 'cut watches' | 'forget the past' }
  | { does: 'network'; faults: Faults }

type Happening = NodeHappening | SetHappening | DeploymentHappening | PodHappening | ControlPlaneHappening

/** Something happens, and then time passes. */
export type HistoryStep = Happening & { thenMs: number }

const node = fc.nat(NODE_NAMES.length - 1)
const set = fc.nat(SET_NAMES.length - 1)
const pod = fc.nat(15)
const version = fc.nat(2)
const replicas = fc.nat(4)
const onSsdOnly = fc.boolean()
const strategy = fc.constantFrom(...STRATEGIES)

const machines: fc.Arbitrary<NodeHappening> = fc.oneof(
  fc.record({
    does: fc.constantFrom('add node', 'add node', 'remove node', 'cordon', 'uncordon', 'untaint', 'untaint'),
    node,
  }),
  fc.record({ does: fc.constantFrom('stop kubelet', 'start kubelet', 'start kubelet'), node }),
  fc.record({ does: fc.constant('taint'), node, effect: fc.constantFrom('NoSchedule', 'NoExecute') }),
  fc.record({ does: fc.constant('label'), node, disk: fc.constantFrom('ssd', 'hdd') }),
)

const sets: fc.Arbitrary<SetHappening> = fc.oneof(
  fc.record({ does: fc.constant('create set'), set, onSsdOnly, strategy }),
  fc.record({ does: fc.constant('update set'), set, version }),
  fc.record({ does: fc.constant('update set'), set, version }),
  fc.record({ does: fc.constant('update set'), set: fc.constant(0), version }),
  fc.record({ does: fc.constant('change strategy'), set, strategy }),
  fc.record({ does: fc.constant('change selection'), set, onSsdOnly }),
  fc.record({ does: fc.constant('delete set'), set }),
)

const deployments: fc.Arbitrary<DeploymentHappening> = fc.oneof(
  fc.record({ does: fc.constantFrom('create deployment', 'scale'), replicas }),
  fc.record({ does: fc.constant('update deployment'), version }),
  fc.constant({ does: 'delete deployment' }),
)

const pods: fc.Arbitrary<PodHappening> = fc.record({
  does: fc.constantFrom('delete pod', 'delete pod by force', 'fail pod'),
  pod,
})

const controlPlane: fc.Arbitrary<ControlPlaneHappening> = fc.oneof(
  fc.record({
    does: fc.constantFrom(
      'restart controllers',
      'stop controllers',
      'start controllers',
      'stop scheduler',
      'start scheduler',
      'cut watches',
      'cut watches',
      'forget the past',
    ),
  }),
  fc.record({
    does: fc.constant('network'),
    faults: fc.oneof(
      fc.constant(NO_FAULTS),
      fc.record({
        conflicts: fc.constantFrom(0, 0.3),
        errors: fc.constantFrom(0, 0.2),
        lostAnswers: fc.constantFrom(0, 0.2),
        latencyMs: fc.constantFrom(0, 500),
        lagMs: fc.constantFrom(0, 3000),
      }),
    ),
  }),
)

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 5, arbitrary: machines },
  { weight: 5, arbitrary: sets },
  { weight: 2, arbitrary: deployments },
  { weight: 2, arbitrary: pods },
  { weight: 3, arbitrary: controlPlane },
)

export function historySteps(): fc.Arbitrary<HistoryStep> {
  return fc
    .tuple(happening, fc.constantFrom(0, 20, 1000, 4000, 15_000, 70_000))
    .map(([happens, thenMs]) => ({ ...happens, thenMs }))
}
