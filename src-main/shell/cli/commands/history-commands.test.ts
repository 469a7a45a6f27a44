import { describe, expect, it } from 'vitest'
import { FakeLabManager } from '../../testing/fake-lab-manager.ts'
import { runWords } from '../testing/run-words.ts'

const VERSION = '20260101T000000000Z-0badcafe'

async function run(manager: FakeLabManager, ...words: string[]): Promise<string> {
  return (await runWords(words, manager)).printed.join('\n')
}

describe('given versions of a manifest', () => {
  const manager = new FakeLabManager()
  const common = { name: 'web.yaml', version: VERSION, time: '2026-01-01T00:00:00.000Z' }
  manager.versions = [
    { ...common, by: 'outside', bytes: 0, removed: true },
    { ...common, by: 'window', bytes: 120 },
    { ...common, name: 'other.yaml', by: 'command line', bytes: 7 },
  ]

  it('when they are listed, then each says when, by whom and how large', async () => {
    const text = await run(manager, 'history', 'node01', 'web.yaml')
    expect(text).toMatch(/web\.yaml +20260101T\S+ +2026-01-01T\S+ +outside +removed/)
    expect(text).toMatch(/window +120 bytes/)
    expect(text).not.toContain('other.yaml')
  })

  it('when one is restored, then it is what the folder has, and the command says so', async () => {
    await run(manager, 'restore', 'node01', 'web.yaml', VERSION)
    expect(manager.manifests.get('node01/web.yaml')).toBe(`# web.yaml ${VERSION}\n`)
  })

  it('when a word is no version, then nothing is asked', async () => {
    await expect(run(manager, 'restore', 'node01', 'web.yaml', '../lab.yaml')).rejects.toThrow('has to be a version')
  })
})
