import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addEntry,
  contentsOf,
  entriesOf,
  listVersions,
  parseIndex,
  pruneIndex,
  stringifyIndex,
  type HistoryEntry,
  type HistoryIndex,
} from './history-index.ts'

const LIMITS = { versionsPerFile: 3, versionsPerLab: 5, bytesPerLab: 100 }

const anEntry = fc.record({
  name: fc.constantFrom('web.yaml', '__proto__', 'caf\\xe9'),
  content: fc.option(fc.nat(5), { nil: undefined }),
  by: fc.constantFrom('window' as const, 'command line' as const, 'outside' as const),
})

function build(edits: readonly { name: string; content: number | undefined; by: HistoryEntry['by'] }[]): HistoryIndex {
  let index: HistoryIndex = new Map()
  for (const [at, { name, content, by }] of edits.entries()) {
    const digest = content === undefined ? {} : { content: String(content).repeat(64).slice(0, 64) }
    const bytes = content === undefined ? 0 : (content + 1) * 10
    index = addEntry(index, 'node01', name, { version: `v${1000 + at}`, by, timeMs: at, bytes, ...digest })
  }
  return index
}

describe('given any edits of files', () => {
  it('when the index is written and read, then it is the same', () => {
    fc.assert(
      fc.property(fc.array(anEntry), (edits) => {
        const index = build(edits)
        expect(parseIndex(stringifyIndex(index))).toEqual(index)
      }),
    )
  })

  it('when versions are listed, then none equals the one before it, and the first is no removal', () => {
    fc.assert(
      fc.property(fc.array(anEntry), (edits) => {
        for (const entries of build(edits).get('node01')?.values() ?? []) {
          expect(entries[0]?.content).toBeDefined()
          const same = entries.filter((entry, at) => at > 0 && entry.content === entries[at - 1]?.content)
          expect(same).toEqual([])
        }
      }),
    )
  })

  it('when one node makes versions without end, then those of another are kept', () => {
    let index = addEntry(new Map(), 'node01', 'web.yaml', {
      version: 'v0',
      by: 'window',
      timeMs: 0,
      bytes: 10,
      content: 'a'.repeat(64),
    })
    for (let at = 1; at < 50; at += 1) {
      const content = String(at).padStart(64, '0')
      const entry = { version: `v${at}`, by: 'outside' as const, timeMs: at, bytes: 30, content }
      index = pruneIndex(addEntry(index, 'node02', `${at}.yaml`, entry), LIMITS)
    }
    expect(listVersions(index, 'node01').map(({ version }) => version)).toEqual(['v0'])
    expect(listVersions(index, 'node02').map(({ version }) => version)).toEqual(['v49'])
  })

  it('when a version of one file is too large, then older ones of other files are kept', () => {
    let index: HistoryIndex = new Map()
    for (const [at, bytes] of [40, 200, 40].entries()) {
      const content = String(at).repeat(64)
      index = addEntry(index, 'node01', `${at}.yaml`, { version: `v${at}`, by: 'outside', timeMs: at, bytes, content })
    }
    expect(listVersions(pruneIndex(index, LIMITS), 'node01').map(({ version }) => version)).toEqual(['v2', 'v0'])
  })

  it('when it is pruned, then the limits hold and what is left are the newest', () => {
    fc.assert(
      fc.property(fc.array(anEntry), (edits) => {
        const index = build(edits)
        const pruned = pruneIndex(index, LIMITS)
        const left = listVersions(pruned, 'node01')
        expect(left.length).toBeLessThanOrEqual(LIMITS.versionsPerLab)
        const sizes = new Map([...contentsOf(pruned)].map((content) => [content, (Number(content[0]) + 1) * 10]))
        expect([...sizes.values()].reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(LIMITS.bytesPerLab)
        for (const [name, entries] of pruned.get('node01') ?? []) {
          expect(entries.length).toBeLessThanOrEqual(LIMITS.versionsPerFile)
          expect(entriesOf(index, 'node01', name).slice(-entries.length)).toEqual(entries)
        }
      }),
    )
  })
})

it.each(['', '{', '[]', '{"nodes":[]}', 'null'])('given the text %j, when it is read, then it is no index', (text) => {
  expect(parseIndex(text)).toBeUndefined()
})

it('given an index that was tampered with, when it is read, then only what are entries is left', () => {
  const good = { version: 'v1', by: 'outside', timeMs: 1, bytes: 2, content: 'a'.repeat(64) }
  const bad = [
    null,
    1,
    { ...good, content: '../../../etc/passwd' },
    { ...good, by: 'nobody' },
    { ...good, timeMs: 'x' },
  ]
  const index = parseIndex(JSON.stringify({ nodes: { node01: { 'a.yaml': [...bad, good] }, node02: 7 } }))
  expect(entriesOf(index ?? new Map(), 'node01', 'a.yaml')).toEqual([good])
})
