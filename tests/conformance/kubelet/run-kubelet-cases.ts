/** Registers the cases of one world as tests. */
import { describe, expect, it } from 'vitest'
import { titleOf } from '../cri-case.ts'
import { compareCase } from '../recorded/compare-case.ts'
import { expectationOf } from '../recorded/recorded-case.ts'
import type { Expectation, KubeletCase, WorldName } from './kubelet-case.ts'
import { KUBELET_CASES } from './kubelet-cases.ts'
import type { NumberedKubeletCase } from './kubelet-cases.ts'
import type { KubeletWorld } from './kubelet-world.ts'
import { longestAllowed, worldsOfTimings } from './timing-limits.ts'
import { TRACE_KINDS } from './trace.ts'

/** @param open makes the world of a case, whose pod has this name */
export function runKubeletCases(worldName: WorldName, open: (podName: string) => Promise<KubeletWorld>): void {
  const isConcurrent = worldName !== 'clock'
  const run = async (id: string, kubeletCase: KubeletCase): Promise<void> => {
    const world = await open(id)
    try {
      const expectation = expectationOf(kubeletCase, TRACE_KINDS)
      const findings = await kubeletCase.steps(world)
      const { isReal, trace } = world
      compareCase(expectation, TRACE_KINDS, { isReal, lines: (kind) => trace.lines(kind), findings: findings ?? {} })
      if (worldsOfTimings(kubeletCase).includes(worldName)) compareTimings(world, expectation)
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

function compareTimings(world: KubeletWorld, { timings = [] }: Expectation): void {
  for (const { kind, to, seconds } of timings) {
    const taken = world.trace.secondsTo(kind, to)
    expect(taken, `seconds to ${to}`).toBeLessThanOrEqual(longestAllowed(seconds, world.isReal))
  }
}
