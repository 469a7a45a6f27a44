/**
 * Random CRI calls as plain data. A plan names what it means by number (the third pod, the latest container but two), so
 * that the same seed asks for the same things whatever ids the runtime gives.
 */
import fc from 'fast-check'

/** Whose id a call is given; that of the other kind is a container's where a sandbox's is asked for, or the reverse. */
export type Target = { of: 'this node' | 'the other kind' | 'another node' | 'nobody'; pick: number }

/** What a container's process does. One that runs ends with TERM_EXIT_CODE when it is asked to. */
export type Behaviour =
  | { does: 'run' }
  | { does: 'ignore SIGTERM' }
  | { does: 'fail to start' }
  | { does: 'exit'; code: number; afterMs: number }

export const TERM_EXIT_CODE = 7

const SANDBOX_CALLS = ['stopPodSandbox', 'removePodSandbox', 'podSandboxStatus', 'podSandboxStats'] as const
const CONTAINER_CALLS = [
  'startContainer',
  'stopContainer',
  'removeContainer',
  'containerStatus',
  'containerStats',
  'execSync',
  'updateContainerResources',
  'reopenContainerLog',
] as const
const LIST_CALLS = ['listPodSandbox', 'listContainers', 'listContainerStats', 'listPodSandboxStats'] as const

export type PlannedCall =
  | { call: 'runPodSandbox'; pod: number; attempt: number }
  | {
      call: 'createContainer'
      target: Target
      name: string
      attempt: number
      behaviour: Behaviour
      /** The image declares a volume of its own: the engine makes an anonymous one. */
      withVolume: boolean
    }
  | { call: (typeof SANDBOX_CALLS)[number]; target: Target }
  | { call: (typeof CONTAINER_CALLS)[number]; target: Target }
  | { call: (typeof LIST_CALLS)[number] }

/** What happens behind the runtime's back. */
export type Disaster = {
  kind:
    | 'kill the service'
    | 'kill a container'
    | 'kill a sandbox'
    | 'remove a container'
    | 'remove a sandbox'
    | 'restart the node'
  pick: number
  /** So long after the calls of its step have begun. */
  afterMs: number
}

/** Calls that are made at once, the first of them perhaps twice, and what strikes meanwhile. */
export interface PlannedStep {
  calls: PlannedCall[]
  twice: boolean
  disaster: Disaster | undefined
}

const pick = fc.nat(63)

const target: fc.Arbitrary<Target> = fc.record({
  of: fc.oneof(
    { weight: 16, arbitrary: fc.constant('this node' as const) },
    { weight: 3, arbitrary: fc.constantFrom('the other kind' as const, 'another node' as const, 'nobody' as const) },
  ),
  pick,
})

const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ does: 'run' as const }) },
  { weight: 1, arbitrary: fc.constant({ does: 'ignore SIGTERM' as const }) },
  { weight: 1, arbitrary: fc.constant({ does: 'fail to start' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('exit' as const),
      code: fc.constantFrom(0, 1, 2, 42, 126, 127, 130, 137, 143, 255),
      afterMs: fc.constantFrom(0, 0, 100, 500, 2000),
    }),
  },
)

const runPodSandbox: fc.Arbitrary<PlannedCall> = fc.record({
  call: fc.constant('runPodSandbox' as const),
  pod: fc.nat(4),
  attempt: fc.nat(1),
})

const createContainer: fc.Arbitrary<PlannedCall> = fc.record({
  call: fc.constant('createContainer' as const),
  target,
  name: fc.constantFrom('app', 'sidecar'),
  attempt: fc.nat(2),
  behaviour,
  withVolume: fc.boolean(),
})

/** Makers and starters outweigh enders, so that there is something to end. */
const call: fc.Arbitrary<PlannedCall> = fc.oneof(
  { weight: 7, arbitrary: runPodSandbox },
  { weight: 12, arbitrary: createContainer },
  { weight: 10, arbitrary: fc.record({ call: fc.constant('startContainer' as const), target }) },
  { weight: 5, arbitrary: fc.record({ call: fc.constantFrom(...SANDBOX_CALLS), target }) },
  { weight: 16, arbitrary: fc.record({ call: fc.constantFrom(...CONTAINER_CALLS), target }) },
  { weight: 4, arbitrary: fc.record({ call: fc.constantFrom(...LIST_CALLS) }) },
)

/** @param disasters one step in so many has a disaster */
export function plannedSteps(options: { oneDisasterIn: number }): fc.Arbitrary<PlannedStep> {
  const disaster: fc.Arbitrary<Disaster> = fc.record({
    kind: fc.oneof(
      { weight: 8, arbitrary: fc.constant('kill the service' as const) },
      {
        weight: 8,
        arbitrary: fc.constantFrom(
          'kill a container' as const,
          'kill a sandbox' as const,
          'remove a container' as const,
          'remove a sandbox' as const,
        ),
      },
      { weight: 1, arbitrary: fc.constant('restart the node' as const) },
    ),
    pick,
    afterMs: fc.constantFrom(0, 5, 20, 50, 100, 200, 400),
  })
  return fc.record({
    calls: fc.oneof(
      { weight: 3, arbitrary: fc.array(call, { minLength: 1, maxLength: 1 }) },
      { weight: 3, arbitrary: fc.array(call, { minLength: 2, maxLength: 4 }) },
    ),
    twice: fc.nat(9).map((value) => value === 0),
    disaster: fc.oneof(
      { weight: options.oneDisasterIn - 1, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: disaster },
    ),
  })
}

/** Steps with at least so many calls, always the same for the same seed. */
export function sampleSteps(options: { seed: number; calls: number; oneDisasterIn: number }): PlannedStep[] {
  const steps: PlannedStep[] = []
  let calls = 0
  for (const step of fc.sample(plannedSteps(options), { seed: options.seed, numRuns: options.calls })) {
    if (calls >= options.calls) break
    steps.push(step)
    calls += countCalls(step)
  }
  return steps
}

export function countCalls(step: PlannedStep): number {
  return step.calls.length + (step.twice ? 1 : 0)
}
