import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../base/clock.ts'
import { silentLogger } from '../../../base/logger.ts'
import { FakeClock } from '../../../base/testing/fake-clock.ts'
import { LabError } from '../../../common/lab-error.ts'
import type { NodeView } from '../../../common/lab/lab-status.ts'
import { MANIFESTS_PATH } from '../../../common/node-channel.ts'
import { HomeLayout } from '../../store/home.ts'
import { ManifestFolder } from '../manifest-folder.ts'
import { HistoryRecorder } from './history-recorder.ts'
import { ManifestHistory } from './manifest-history.ts'

const target = { lab: 'default', node: 'node01' }
const NAME = 'web.yaml'

let home = ''
let layout = new HomeLayout('/')
let folder = new ManifestFolder('/')
let clock = new FakeClock()

const file = (name = NAME): string => path.join(folder.folder, name)
const newHistory = (limits?: ConstructorParameters<typeof ManifestHistory>[0]['limits']): ManifestHistory =>
  new ManifestHistory({ layout, clock, logger: silentLogger, ...(limits && { limits }) })
/** Waiting for another's lock takes real time. */
const withRealClock = (): ManifestHistory => new ManifestHistory({ layout, clock: systemClock(), logger: silentLogger })

/** Each version as `author: content`, the newest first. */
async function told(history: ManifestHistory, name?: string): Promise<string[]> {
  const versions = await history.list(target, name)
  const texts = versions.map(async ({ by, removed, version, name: of }) =>
    removed === true ? `${by}: removed` : `${by}: ${(await history.content(target, of, version)).toString()}`,
  )
  return Promise.all(texts)
}

async function apply(history: ManifestHistory, content: string): Promise<void> {
  const write = (): Promise<boolean> => folder.write(NAME, content, true)
  await history.during({ ...target, name: NAME, by: 'window' }, folder, write)
  await clock.advance(1000)
}

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'history-'))
  layout = new HomeLayout(home)
  folder = new ManifestFolder(layout.manifests(target.lab, target.node))
  mkdirSync(folder.folder, { recursive: true })
  clock = new FakeClock()
})
afterEach(() => rmSync(home, { recursive: true }))

describe('given a manifest that is changed through Node Lab', () => {
  it('when it is replaced and removed, then each version is there with its author, and can be read', async () => {
    const history = newHistory()
    await apply(history, 'one')
    await apply(history, 'two')
    await history.during({ ...target, name: NAME, by: 'command line' }, folder, () => folder.remove(NAME))
    expect(await told(history)).toEqual(['command line: removed', 'window: two', 'window: one'])
  })

  it('when it is saved as it was, then that is no version', async () => {
    const history = newHistory()
    await apply(history, 'one')
    await apply(history, 'one')
    expect(await told(history)).toEqual(['window: one'])
  })

  it('when somebody wrote into it unseen, then what is written over is kept', async () => {
    const history = newHistory()
    await apply(history, 'one')
    writeFileSync(file(), 'theirs')
    await apply(history, 'mine')
    expect(await told(history)).toEqual(['window: mine', 'outside: theirs', 'window: one'])
  })

  it('when another history of the same home saw it first, then its author is still known', async () => {
    const [window, other] = [withRealClock(), withRealClock()]
    const work = async (): Promise<void> => writeFileSync(file(), 'one')
    await window.during({ ...target, name: NAME, by: 'window' }, folder, work)
    await other.look(target, [NAME], folder)
    await Promise.all([apply(window, 'two'), other.look(target, [NAME], folder)])
    expect(await told(other)).toEqual(['window: two', 'window: one'])
  })

  it('when writing fails, then the failure is told and nothing is invented', async () => {
    const history = newHistory()
    await apply(history, 'one')
    const fail = (): Promise<never> => Promise.reject(new Error('no space'))
    await expect(history.during({ ...target, name: NAME, by: 'window' }, folder, fail)).rejects.toThrow('no space')
    expect(await told(history)).toEqual(['window: one'])
  })

  it.each([
    ['succeeds', () => Promise.resolve('done')],
    ['fails', () => Promise.reject(new Error('no space'))],
  ])('when not even the lock can be made, then the work is done all the same, once, and %s', async (_what, work) => {
    writeFileSync(path.join(home, 'locks'), 'in the way')
    let times = 0
    const counted = (): Promise<string> => {
      times += 1
      return work()
    }
    const outcome = await newHistory()
      .during({ ...target, name: NAME, by: 'window' }, folder, counted)
      .catch((error: Error) => error.message)
    expect({ outcome, times }).toEqual({ outcome: expect.stringMatching(/^(done|no space)$/), times: 1 })
  })

  it('when the lab is deleted meanwhile, then its folder is not made anew', async () => {
    const work = async (): Promise<void> => rmSync(layout.labFolder('default'), { recursive: true })
    writeFileSync(file(), 'one')
    await newHistory().during({ ...target, name: NAME, by: 'window' }, folder, work)
    expect(existsSync(layout.labFolder('default'))).toBe(false)
  })

  it('when contents are many, then the oldest go and their files with them', async () => {
    const history = newHistory({ versionsPerFile: 2, versionsPerLab: 10, bytesPerLab: 1000 })
    for (const content of ['one', 'two', 'three']) await apply(history, content)
    expect(await told(history)).toEqual(['window: three', 'window: two'])
    expect(readdirSync(path.join(layout.history('default'), 'contents'))).toHaveLength(2)
  })
})

describe('given a history on disk', () => {
  it('when its index is spoilt, then it begins anew beside what is left of the old one', async () => {
    const history = newHistory()
    await apply(history, 'one')
    writeFileSync(path.join(layout.history('default'), 'index.json'), '{"nodes"')
    expect(await told(history)).toEqual([])
    await apply(history, 'two')
    expect(await told(history)).toEqual(['window: two', 'outside: one'])
    const names = readdirSync(layout.history('default'))
    const aside = names.find((name) => name.startsWith('index.json.broken-')) ?? ''
    expect(readFileSync(path.join(layout.history('default'), aside), 'utf8')).toBe('{"nodes"')
  })

  it('when its index is spoilt, then no content that it may have named is removed', async () => {
    const history = newHistory()
    await apply(history, 'one')
    unlinkSync(file())
    writeFileSync(path.join(layout.history('default'), 'index.json'), '{"nodes"')
    for (const content of ['two', 'three']) await apply(history, content)
    expect(readdirSync(path.join(layout.history('default'), 'contents'))).toHaveLength(3)
  })

  it('when a content is spoilt, then it is not given out', async () => {
    const history = newHistory()
    await apply(history, 'one')
    const contents = path.join(layout.history('default'), 'contents')
    for (const name of readdirSync(contents)) writeFileSync(path.join(contents, name), 'something else')
    const [version] = await history.list(target)
    await expect(history.content(target, NAME, version?.version ?? '')).rejects.toMatchObject({ kind: 'NotFound' })
  })

  it('when a version is asked for that there is not, then it is NotFound', async () => {
    const wanted = newHistory().content(target, NAME, '../../secret')
    await expect(wanted).rejects.toMatchObject({ kind: 'NotFound' })
  })
})

describe('given a node whose files are looked at', () => {
  const aFile = (name: string, modifiedAt: string, place = MANIFESTS_PATH) =>
    ({ name, path: `${place}/${name}`, state: 'accepted', modifiedAt, sizeBytes: 1 }) as NodeView['files'][number]
  const aView = (...files: NodeView['files']): NodeView => ({ ...target, files, pods: [], observedAt: '' })

  const onNode = new Map<string, string>()
  const newRecorder = (history: ManifestHistory): HistoryRecorder =>
    new HistoryRecorder(history, layout, silentLogger, async (_target, name) => {
      const content = onNode.get(name)
      if (content === undefined) throw new LabError({ kind: 'NotFound', message: `no ${name}` })
      return Buffer.from(content)
    })

  async function look(recorder: HistoryRecorder, view: NodeView): Promise<void> {
    recorder.look(view)
    await recorder.settled()
  }

  it('when editors write and remove, then their versions are there', async () => {
    const history = newHistory()
    const recorder = newRecorder(history)
    writeFileSync(file(), 'one')
    await look(recorder, aView(aFile(NAME, 'then')))
    writeFileSync(file(), 'two')
    await look(recorder, aView(aFile(NAME, 'later')))
    unlinkSync(file())
    await look(recorder, aView())
    expect(await told(history)).toEqual(['outside: removed', 'outside: two', 'outside: one'])
    await recorder.dispose()
  })

  it('when a look could not be recorded, then the same view is looked at once more', async () => {
    const history = newHistory()
    const recorder = newRecorder(history)
    writeFileSync(file(), 'one')
    writeFileSync(path.join(home, 'locks'), 'in the way')
    await look(recorder, aView(aFile(NAME, 'then')))
    expect(await told(history)).toEqual([])
    unlinkSync(path.join(home, 'locks'))
    await look(recorder, aView(aFile(NAME, 'then')))
    expect(await told(history)).toEqual(['outside: one'])
  })

  it('when there are more files than one look takes, then the next looks take the others', async () => {
    const history = newHistory()
    const recorder = newRecorder(history)
    const names = Array.from({ length: 250 }, (_, number) => `${number}.yaml`)
    for (const name of names) writeFileSync(file(name), name)
    const view = aView(...names.map((name) => aFile(name, 'then')))
    await look(recorder, view)
    await look(recorder, view)
    expect((await history.list(target)).map(({ name }) => name).toSorted()).toEqual(names.toSorted())
  })

  it('when views never cease to come, then whoever waits for what was told so far does not wait for ever', async () => {
    const history = newHistory()
    const recorder = newRecorder(history)
    let passes = 0
    history.look = async () => {
      passes += 1
      recorder.look(aView(aFile(NAME, `${passes}`)))
      // Lets timers and the test itself go on.
      await new Promise((resolve) => setImmediate(resolve))
    }
    await look(recorder, aView(aFile(NAME, 'first')))
    expect(passes).toBeLessThan(5)
    await recorder.dispose()
  })

  it('when a file went while nobody looked, then the first look finds that', async () => {
    const history = newHistory()
    await apply(history, 'one')
    unlinkSync(file())
    const recorder = newRecorder(history)
    await look(recorder, aView())
    expect(await told(history)).toEqual(['outside: removed', 'window: one'])
  })

  it('when its kubelet reads another folder, then its files have versions of their own, and what lies here is not taken for removed', async () => {
    const history = newHistory()
    await apply(history, 'one')
    const recorder = newRecorder(history)
    onNode.set(NAME, 'elsewhere')
    await look(recorder, aView(aFile(NAME, 'then', '/srv/pods'), aFile('other.yaml', 'then', '/srv/pods')))
    onNode.delete(NAME)
    onNode.set('other.yaml', 'other')
    await look(recorder, aView(aFile('other.yaml', 'later', '/srv/pods')))
    expect(await told(history)).toEqual(['window: one'])
    const moved = await history.list({ ...target, folder: '/srv/pods' })
    expect(moved.map(({ name, by, removed }) => `${name} ${by} ${removed === true ? 'removed' : 'there'}`)).toEqual([
      'other.yaml outside there',
      `${NAME} outside removed`,
      `${NAME} outside there`,
    ])
    expect((await history.content({ ...target, folder: '/srv/pods' }, NAME, moved[2]?.version ?? '')).toString()).toBe(
      'elsewhere',
    )
  })

  it('when a file is a link out of the folder, or huge, then it is not kept', async () => {
    const history = newHistory()
    writeFileSync(path.join(home, 'secret'), 'secret')
    symlinkSync(path.join(home, 'secret'), file('link.yaml'))
    writeFileSync(file('huge.yaml'), 'x'.repeat(1024 * 1024 + 1))
    const recorder = newRecorder(history)
    await look(recorder, aView(aFile('link.yaml', 'then'), aFile('huge.yaml', 'then')))
    expect(await told(history)).toEqual([])
    expect(readFileSync(path.join(home, 'secret'), 'utf8')).toBe('secret')
  })
})
