import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { titleOf } from '../cri-case.ts'
import { expectationOf } from '../recorded/recorded-case.ts'
import { DECISIONS } from './decisions.ts'
import { KUBELET_CASES } from './kubelet-cases.ts'
import { NOT_SHOWN } from './not-shown.ts'
import { KUBELET_DOCUMENT, renderKubeletDocument } from './kubelet-document.ts'
import { worldsOfTimings } from './timing-limits.ts'
import { TRACE_KINDS } from './trace.ts'

/** Names of what was recorded without a kube-apiserver; that of the odd files in the folder has a test of its own. */
const RECORDINGS: unknown = JSON.parse(readFileSync(new URL('recordings.json', import.meta.url), 'utf8'))

const all = KUBELET_CASES.flatMap(({ cases }) => cases)

describe('the recorded cases', () => {
  it('given the page in the repository, then it is the one printed from the cases (npm run update:docs)', () => {
    expect(readFileSync(new URL(`../../../${KUBELET_DOCUMENT}`, import.meta.url), 'utf8')).toBe(renderKubeletDocument())
  })

  it('given all groups, then no two cases have the same id or the same words', () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    expect(new Set(all.map(({ case: one }) => titleOf(one))).size).toBe(all.length)
  })

  it('given all cases, then each runs somewhere and expects something', () => {
    for (const { id, case: one } of all) {
      expect(one.worlds, id).not.toEqual([])
      expect(Object.keys(one.recorded), id).not.toEqual([])
    }
  })

  it('given the recordings, then each is a case, or is said not to be shown', () => {
    const sources = [...all.map(({ case: { source } }) => source), ...NOT_SHOWN.map(({ source }) => source)]
    const recordings = new Set(sources.flatMap((source) => ('recordings' in source ? source.recordings : [])))
    expect([...recordings].toSorted()).toEqual(RECORDINGS)
  })

  it('given the timings, then each is compared somewhere', () => {
    for (const { id, case: one } of all)
      if (expectationOf(one, TRACE_KINDS).timings !== undefined) expect(worldsOfTimings(one), id).not.toEqual([])
  })

  it('given the adaptations, then each is a sentence', () => {
    for (const { id, case: one } of all)
      if (one.adapted !== undefined) expect(one.adapted, id).toMatch(/^[A-Z].{20,}\.$/)
  })

  it('given the decisions that cases refer to, then each is written down', () => {
    const referred = all.flatMap(({ case: one }) => (one.differs ?? []).map(({ because }) => because))
    const names = DECISIONS.map(({ name }) => name)
    for (const because of referred) if ('decision' in because) expect(names).toContain(because.decision)
  })

  it('given the differences, then each says why, and what it changes was recorded otherwise', () => {
    for (const { id, case: one } of all)
      for (const difference of one.differs ?? []) {
        expect(difference.reason, id).toMatch(/^.{20,}\.$/)
        const without = { ...one, differs: (one.differs ?? []).filter((other) => other !== difference) }
        expect(expectationOf(one, TRACE_KINDS), `${id}: ${difference.reason}`).not.toEqual(
          expectationOf(without, TRACE_KINDS),
        )
      }
  })
})
