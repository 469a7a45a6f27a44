import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fnv1a128Hex } from '../common/manifest/fnv1a128.ts'
import type { HTTPAnswer } from './config/fetch-manifest.ts'
import { aManifest, newTestKubelet, type TestKubelet } from './testing/new-test-kubelet.ts'

const URL = 'http://10.0.0.9/pods.yaml'
const PERIOD_MS = 20_000

/** A server whose answer a test may change; an Error is a server that cannot be reached. */
class FakeServer {
  answer: unknown = ''
  status = 200
  readonly headers: Readonly<Record<string, readonly string[]>>[] = []

  readonly fetch = (
    _url: string,
    header: Readonly<Record<string, readonly string[]>>,
    signal: AbortSignal,
  ): Promise<HTTPAnswer> => {
    this.headers.push(header)
    if (this.answer === 'silence')
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('timed out'))))
    if (this.answer instanceof Error) return Promise.reject(this.answer)
    const text = typeof this.answer === 'string' ? this.answer : JSON.stringify(this.answer)
    const statusText = this.status === 200 ? 'OK' : 'Not Found'
    return Promise.resolve({ status: this.status, statusText, body: Buffer.from(text) })
  }
}

async function newKubeletWithAddress(
  answer: unknown,
  settings = {},
): Promise<{ kubelet: TestKubelet; server: FakeServer }> {
  const server = new FakeServer()
  server.answer = answer
  const kubelet = await newTestKubelet({
    fetchManifest: server.fetch,
    settings: { staticPodURL: URL, staticPodURLHeader: { Token: ['secret'] }, ...settings },
  })
  await kubelet.pass(5000)
  return { kubelet, server }
}

const listOf = (...names: string[]): unknown => ({
  apiVersion: 'v1',
  kind: 'PodList',
  items: names.map((name) => aManifest(name)),
})

describe('given staticPodURL (facts 1.5.11)', () => {
  it('when it answers with a Pod, then the pod runs, marked as upstream marks it', async () => {
    const { kubelet, server } = await newKubeletWithAddress(aManifest('web'))
    await using _ = kubelet
    const { metadata, spec, status } = kubelet.pod('web')
    expect(status?.phase).toBe('Running')
    expect(metadata.name).toBe('web-node01')
    expect(metadata.annotations?.['kubernetes.io/config.source']).toBe('http')
    expect(spec.tolerations ?? []).toEqual([])
    expect(server.headers[0]).toEqual({ Token: ['secret'] })
    expect(kubelet.kubelet.files()).toMatchObject([
      { name: URL, path: URL, origin: 'url', state: 'accepted', reason: 'Pod' },
    ])
  })

  it('when its Pod asks for what is not honoured, then the verdict says so, with its place', async () => {
    const { kubelet } = await newKubeletWithAddress(aManifest('web', { hostUsers: false }))
    await using _ = kubelet
    expect(kubelet.kubelet.files()[0]?.warnings).toMatchObject([
      { reason: 'FieldNotHonoured', field: 'spec.hostUsers', line: 1 },
    ])
  })

  it('when the same Pod lies in the folder of another kubelet, then its UID is another one, made from the address alone', async () => {
    const { kubelet } = await newKubeletWithAddress(aManifest('web'))
    await using _ = kubelet
    const { kubelet: other } = await newKubeletWithAddress(aManifest('web'))
    await using __ = other
    const uid = kubelet.pod('web').metadata.uid
    expect(uid).toBe(other.pod('web').metadata.uid)
    await kubelet.write('web.yaml', aManifest('other'))
    expect(kubelet.pod('other').metadata.uid).not.toBe(uid)
    expect(uid).toHaveLength(fnv1a128Hex('').length)
  })

  it('when it answers the same again, then nothing happens; when another Pod, then that one replaces it', async () => {
    const { kubelet, server } = await newKubeletWithAddress(aManifest('web'))
    await using _ = kubelet
    const { uid } = kubelet.pod('web').metadata
    await kubelet.pass(3 * PERIOD_MS)
    expect(server.headers.length).toBeGreaterThan(3)
    expect(kubelet.pod('web').metadata.uid).toBe(uid)
    expect(kubelet.reasons().filter((reason) => reason === 'PodAdded')).toHaveLength(1)
    server.answer = aManifest('web', { terminationGracePeriodSeconds: 1 })
    await kubelet.pass(2 * PERIOD_MS)
    expect(kubelet.pod('web').metadata.uid).not.toBe(uid)
  })

  it('when it answers with a list, then each of its pods runs and has a verdict; of one name the first counts', async () => {
    const { kubelet } = await newKubeletWithAddress(listOf('a', 'b', 'a'))
    await using _ = kubelet
    expect(kubelet.podNames().toSorted()).toEqual(['a-node01', 'b-node01'])
    expect(kubelet.kubelet.files()).toMatchObject([
      { name: `${URL} items[0]`, state: 'accepted', pod: { name: 'a-node01' } },
      { name: `${URL} items[1]`, state: 'accepted', pod: { name: 'b-node01' } },
      { name: `${URL} items[2]`, state: 'shadowed', reason: 'DuplicatePod' },
    ])
  })

  it('when an answer is empty, then its pods end and the address has a fault; the same Pods bring them back', async () => {
    const { kubelet, server } = await newKubeletWithAddress(listOf('a', 'b'))
    await using _ = kubelet
    server.answer = ''
    await kubelet.pass(PERIOD_MS + 2000)
    expect(kubelet.kubelet.files()).toMatchObject([
      { name: URL, state: 'rejected', reason: 'Empty', message: `zero-length data received from ${URL}` },
    ])
    await kubelet.pass(40_000)
    expect(kubelet.podNames()).toEqual([])
    server.answer = listOf('a', 'b')
    await kubelet.pass(2 * PERIOD_MS)
    expect(kubelet.podNames()).toHaveLength(2)
  })

  it.each([
    ['cannot be reached', new Error('Get "x": dial tcp'), 200, 'Get "x": dial tcp'],
    ['answers 404', 'no such page', 404, `${URL}: 404 Not Found`],
  ])('when it %s, then its pods run on and the verdict says why', async (_case, answer, status, message) => {
    const { kubelet, server } = await newKubeletWithAddress(aManifest('web'))
    await using _ = kubelet
    const { uid } = kubelet.pod('web').metadata
    server.answer = answer
    server.status = status
    await kubelet.pass(PERIOD_MS)
    expect(kubelet.kubelet.files()).toMatchObject([
      { name: URL, state: 'stale', reason: 'URLUnreachable', message, pod: { name: 'web-node01' } },
    ])
    server.answer = aManifest('web')
    server.status = 200
    await kubelet.pass(PERIOD_MS)
    expect(kubelet.kubelet.files()).toMatchObject([{ name: URL, state: 'accepted' }])
    expect(kubelet.pod('web').metadata.uid).toBe(uid)
  })

  it('when it says nothing for ten seconds, then that is a failure, and it is asked again', async () => {
    const { kubelet, server } = await newKubeletWithAddress('silence')
    await using _ = kubelet
    expect(kubelet.kubelet.files()).toEqual([])
    await kubelet.pass(5000)
    expect(kubelet.kubelet.files()).toMatchObject([
      { state: 'rejected', reason: 'URLUnreachable', message: 'timed out' },
    ])
    server.answer = aManifest('web')
    await kubelet.pass(PERIOD_MS + 1000)
    expect(kubelet.kubelet.files()).toMatchObject([{ state: 'accepted' }])
  })

  it('when it answers with what is no Pod, then the verdict has upstream’s words, and line and column', async () => {
    const text = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: none\n'
    const { kubelet } = await newKubeletWithAddress(text)
    await using _ = kubelet
    const [verdict] = kubelet.kubelet.files()
    expect(verdict).toMatchObject({ name: URL, state: 'rejected', reason: 'WrongType', line: 5, column: 15 })
    expect(verdict?.message).toContain(`${URL}: received 'apiVersion: v1`)
    expect(verdict?.message).toContain("but couldn't parse as single (")
  })

  it.each([
    [{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' } }, 'NotAPod'],
    [aManifest('Bad_Name'), 'InvalidPod'],
    [aManifest('web', { serviceAccountName: 'x' }), 'APIReference'],
    [{ apiVersion: 'v1', kind: 'PodList', items: [aManifest('good'), aManifest('Bad_Name')] }, 'InvalidPod'],
    [{ apiVersion: 'v1', kind: 'PodList', items: 'none' }, 'WrongType'],
    ['a: [', 'InvalidYAML'],
  ])('when it answers with %j, then nothing of it runs: %s', async (answer, reason) => {
    const { kubelet } = await newKubeletWithAddress(answer)
    await using _ = kubelet
    expect(kubelet.podNames()).toEqual([])
    expect(kubelet.kubelet.files()).toMatchObject([{ name: URL, state: 'rejected', reason }])
  })

  it('when it fails on and on, then the log tells the first three failures, that it will be quieter, and the end', async () => {
    const { kubelet, server } = await newKubeletWithAddress(new Error('away'))
    await using _ = kubelet
    await kubelet.pass(6 * PERIOD_MS)
    const told = (): string[] => kubelet.log.filter((line) => line.includes('read pods from URL'))
    expect(told()).toHaveLength(4)
    expect(told()[3]).toContain('Dropping verbosity of this message to V(4)')
    server.answer = aManifest('web')
    await kubelet.pass(PERIOD_MS)
    expect(told()[4]).toContain('Successfully read pods from URL')
  })
})

describe('given a folder and an address', () => {
  it('when the address has not been reached since the start, then what goes from the folder runs on until it is (facts 1.5.9)', async () => {
    const { kubelet, server } = await newKubeletWithAddress(new Error('away'))
    await using _ = kubelet
    await kubelet.write('a.yaml', aManifest('a', { terminationGracePeriodSeconds: 1 }))
    await kubelet.pass(3000)
    await kubelet.remove('a.yaml')
    await kubelet.pass(10_000)
    expect((await kubelet.runtime.listContainers()).map(({ state }) => state)).toEqual(['CONTAINER_RUNNING'])
    expect(kubelet.log.some((line) => line.includes("skipping delete because sources aren't ready yet"))).toBe(true)
    server.answer = aManifest('web')
    await kubelet.pass(2 * PERIOD_MS)
    expect(kubelet.podNames()).toEqual(['web-node01'])
    expect(await kubelet.runtime.listContainers()).toHaveLength(1)
  })

  it('when both have pods, then all run, each with its own verdict, and a file that goes takes only its own', async () => {
    const { kubelet } = await newKubeletWithAddress(aManifest('web'))
    await using _ = kubelet
    await kubelet.write('a.yaml', aManifest('a'))
    await kubelet.pass(3000)
    expect(kubelet.podNames().toSorted()).toEqual(['a-node01', 'web-node01'])
    expect(kubelet.kubelet.files().map(({ name }) => name)).toEqual(['a.yaml', URL])
    await kubelet.remove('a.yaml')
    await kubelet.pass(60_000)
    expect(kubelet.podNames()).toEqual(['web-node01'])
  })

  it('when there is no staticPodPath, then the address alone is the source', async () => {
    const { kubelet } = await newKubeletWithAddress(aManifest('web'), { staticPodPath: null })
    await using _ = kubelet
    expect(kubelet.podNames()).toEqual(['web-node01'])
    expect(kubelet.kubelet.watchedPath()).toBeNull()
  })
})

describe('given staticPodPath that is one file (facts 1.2.1)', () => {
  async function newKubeletWithFile(): Promise<{ kubelet: TestKubelet; folder: string }> {
    const probe = await newTestKubelet()
    const folder = join(probe.root, 'srv')
    mkdirSync(folder)
    writeFileSync(join(folder, 'other.yaml'), JSON.stringify(aManifest('other')))
    writeFileSync(join(folder, 'one.yaml'), JSON.stringify(aManifest('one')))
    const kubelet = await newTestKubelet({ settings: { staticPodPath: join(folder, 'one.yaml') } })
    await kubelet.pass(3000)
    return {
      kubelet: Object.assign(kubelet, {
        async [Symbol.asyncDispose](): Promise<void> {
          await kubelet.stopKubelet()
          rmSync(kubelet.root, { recursive: true, force: true })
          await probe[Symbol.asyncDispose]()
        },
      }),
      folder,
    }
  }

  it('then only that file counts, and is what is watched', async () => {
    const { kubelet, folder } = await newKubeletWithFile()
    await using _ = kubelet
    expect(kubelet.podNames()).toEqual(['one-node01'])
    expect(kubelet.kubelet.files().map(({ name }) => name)).toEqual(['one.yaml'])
    expect(kubelet.kubelet.watchedPath()).toEqual({ kind: 'file', path: join(folder, 'one.yaml') })
  })

  it('when it is edited, replaced by rename, removed and put back, then its pod follows', async () => {
    const { kubelet, folder } = await newKubeletWithFile()
    await using _ = kubelet
    const path = join(folder, 'one.yaml')
    const write = (name: string): void => writeFileSync(path, JSON.stringify(aManifest(name)))
    write('edited')
    kubelet.announce('one.yaml')
    await kubelet.pass(60_000)
    expect(kubelet.podNames()).toEqual(['edited-node01'])

    writeFileSync(join(folder, 'next'), JSON.stringify(aManifest('renamed')))
    renameSync(join(folder, 'next'), path)
    kubelet.announce('next', 'one.yaml')
    await kubelet.pass(60_000)
    expect(kubelet.podNames()).toEqual(['renamed-node01'])

    rmSync(path)
    kubelet.announce('one.yaml')
    await kubelet.pass(60_000)
    expect(kubelet.podNames()).toEqual([])
    expect(kubelet.kubelet.files()).toMatchObject([{ name: path, state: 'rejected', reason: 'PathMissing' }])
    expect(kubelet.kubelet.watchedPath()).toEqual({ kind: 'file', path })

    write('back')
    kubelet.announce('one.yaml')
    await kubelet.pass(30_000)
    expect(kubelet.podNames()).toEqual(['back-node01'])
    expect(kubelet.kubelet.files()).toMatchObject([{ name: 'one.yaml', state: 'accepted' }])
  })
})

describe('given staticPodPath that is missing (facts 1.2.6)', () => {
  it('then the verdict is on the path, in words, until somebody makes it', async () => {
    await using kubelet = await newTestKubelet({ withoutFolder: true })
    const { folder } = kubelet
    const [verdict] = kubelet.kubelet.files()
    expect(verdict).toMatchObject({ name: folder, path: folder, state: 'rejected', reason: 'PathMissing' })
    expect(verdict?.explanation).toContain(`The kubelet reads its manifests from ${folder}`)
    mkdirSync(folder, { recursive: true })
    await kubelet.pass(3000)
    expect(kubelet.kubelet.files()).toEqual([])
    await kubelet.write('a.yaml', aManifest('a'))
    await kubelet.pass(3000)
    expect(kubelet.podNames()).toEqual(['a-node01'])
  })

  it('when it goes while pods run, then they end and the path has the verdict', async () => {
    await using kubelet = await newTestKubelet()
    await kubelet.write('a.yaml', aManifest('a', { terminationGracePeriodSeconds: 1 }))
    await kubelet.pass(3000)
    rmSync(kubelet.folder, { recursive: true })
    await kubelet.pass(40_000)
    expect(kubelet.podNames()).toEqual([])
    expect(kubelet.kubelet.files()).toMatchObject([{ name: kubelet.folder, reason: 'PathMissing' }])
  })

  it('given a trailing slash, then the path is the same without it', async () => {
    await using probe = await newTestKubelet()
    await using kubelet = await newTestKubelet({ settings: { staticPodPath: `${probe.folder}//` } })
    expect(kubelet.kubelet.watchedPath()).toEqual({ kind: 'folder', path: probe.folder })
  })
})
