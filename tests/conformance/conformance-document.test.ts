import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CONFORMANCE_DOCUMENT, renderConformanceDocument } from './conformance-document.ts'
import { titleOf } from './cri-case.ts'
import { CASES } from './cri-cases.ts'
import { RUNTIME_NAMES } from './cri-subject.ts'
import { DIFFERENCES } from './differences.ts'

const all = CASES.flatMap(({ cases }) => cases)

describe('the conformance cases', () => {
  it('given the page in the repository, then it is the one printed from the cases (npm run update:docs)', () => {
    expect(readFileSync(new URL(`../../${CONFORMANCE_DOCUMENT}`, import.meta.url), 'utf8')).toBe(
      renderConformanceDocument(),
    )
  })

  it('given all groups, then no two cases have the same id or the same words', () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    expect(new Set(all.map(({ case: criCase }) => titleOf(criCase))).size).toBe(all.length)
  })

  it.each(RUNTIME_NAMES)('given the differences of %s, then each is of a case that exists, and says why', (name) => {
    const ids = all.map(({ id }) => id as string)
    for (const [id, { reason }] of Object.entries(DIFFERENCES[name])) {
      expect(ids).toContain(id)
      expect(reason).toMatch(/^.{20,}\.$/)
    }
  })

  it('given a real runtime, then there is no case that it cannot show', () => {
    for (const name of ['docker', 'containerd'] as const)
      expect(Object.values(DIFFERENCES[name]).filter(({ kind }) => kind === 'not shown')).toEqual([])
  })
})
