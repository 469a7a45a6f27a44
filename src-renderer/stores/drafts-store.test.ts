import { createPinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useDraftsStore, type ManifestDraft } from './drafts-store.ts'

const aDraft = (text: string): ManifestDraft => ({ text, base: null, since: '2026-11-24T12:00:00.000Z' })
const openTab = (): ReturnType<typeof useDraftsStore> => useDraftsStore(createPinia())
const textsOf = ({ drafts }: ReturnType<typeof useDraftsStore>): Record<string, string> =>
  Object.fromEntries([...drafts].map(([key, { text }]) => [key, text]))

beforeEach(() => localStorage.clear())

describe('given two tabs', () => {
  it('when each writes and one drops what is its own, then neither erases what the other has', () => {
    const [first, second] = [openTab(), openTab()]
    first.keep('lab', 'node01', 'web.yaml', aDraft('first'))
    second.keep('lab', 'node01', 'agent.yaml', aDraft('second'))
    first.keep('lab', 'node02', 'web.yaml', aDraft('more'))
    first.drop('lab', 'node01', 'web.yaml')
    expect(textsOf(openTab())).toEqual({ 'lab/node01/agent.yaml': 'second', 'lab/node02/web.yaml': 'more' })
  })

  it('when one opens a file that the other wrote since, then it has that text', () => {
    const [first, second] = [openTab(), openTab()]
    second.keep('lab', 'node01', 'web.yaml', aDraft('second'))
    first.readAgain()
    expect(first.draftOf('lab', 'node01', 'web.yaml')?.text).toBe('second')
  })
})

describe('given texts that are not stored', () => {
  it.each([
    ['because one is too large', (): void => undefined],
    ['because storage is full', () => void vi.stubGlobal('localStorage', { getItem: () => '[]', setItem: refuse })],
  ])('%s, when others are written, then they stay as long as the page', (_why, prepare) => {
    prepare()
    const tab = openTab()
    tab.keep('lab', 'node01', 'large.yaml', aDraft('x'.repeat(300_000)))
    tab.keep('lab', 'node01', 'web.yaml', aDraft('web'))
    vi.unstubAllGlobals()
    expect(Object.keys(textsOf(tab))).toEqual(['lab/node01/large.yaml', 'lab/node01/web.yaml'])
  })

  function refuse(): never {
    throw new DOMException('full', 'QuotaExceededError')
  }
})
