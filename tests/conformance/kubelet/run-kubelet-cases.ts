/** Registers the cases of one world as tests. */
import { describe, expect, it } from 'vitest'
import { titleOf } from '../cri-case.ts'
import { expectationOf } from './kubelet-case.ts'
import type { Expectation, Findings, KubeletCase, WorldName } from './kubelet-case.ts'
import { KUBELET_CASES } from './kubelet-cases.ts'
import type { NumberedKubeletCase } from './kubelet-cases.ts'
import type { KubeletWorld } from './kubelet-world.ts'
import { alignSteps, withoutMoments } from './match-steps.ts'
import { longestAllowed, worldsOfTimings } from './timing-limits.ts'
import { TRACE_KINDS } from './trace.ts'

/** @param open makes the world of a case, whose pod has this name */
export function runKubeletCases(worldName: WorldName, open: (podName: string) => Promise<KubeletWorld>): void {
  const isConcurrent = worldName !== 'clock'
  const run = async (id: string, kubeletCase: KubeletCase): Promise<void> => {
    const world = await open(id)
    try {
      const findings = await kubeletCase.steps(world)
      compare(world, expectationOf(kubeletCase), findings ?? {})
      if (worldsOfTimings(kubeletCase).includes(worldName)) compareTimings(world, expectationOf(kubeletCase))
    } finally {
      await world.dispose()
    }
  }
  const register = (title: string, cases: readonly NumberedKubeletCase[], concurrent: boolean): void => {
    if (cases.length === 0) return
    describe(title, { concurrent }, () => {
      for (const { id, case: one } of cases) {
        const differences = (one.differs ?? []).map(({ reason }) => ` (differs: ${reason})`)
        it([titleOf(one), ...differences].join(''), () => run(id, one))
      }
    })
  }
  const shown = KUBELET_CASES.map(({ title, cases }) => ({
    title,
    cases: cases.filter(({ case: one }) => one.worlds.includes(worldName)),
  }))
  describe('recorded cases', { concurrent: isConcurrent }, () => {
    for (const { title, cases } of shown)
      register(
        title,
        cases.filter(({ case: one }) => one.alone !== true),
        isConcurrent,
      )
  })
  for (const { title, cases } of shown)
    register(
      `${title}, one at a time`,
      cases.filter(({ case: one }) => one.alone === true),
      false,
    )
}

function compare(world: KubeletWorld, expectation: Expectation, findings: Findings): void {
  for (const kind of TRACE_KINDS) {
    const expected = expectation[kind]
    if (expected === undefined) continue
    const lines = world.trace.lines(kind)
    const observed = world.isReal ? withoutMoments(expected, lines) : lines
    expect(observed, kind).toEqual(alignSteps(expected, observed, world.isReal))
  }
  if (expectation.findings !== undefined) expect(findings).toEqual(expectation.findings)
}

function compareTimings(world: KubeletWorld, { timings = [] }: Expectation): void {
  for (const { kind, to, seconds } of timings) {
    const taken = world.trace.secondsTo(kind, to)
    expect(taken, `seconds to ${to}`).toBeLessThanOrEqual(longestAllowed(seconds, world.isReal))
  }
}
