/** Pulls from a registry on this machine, on the real engine. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../base/clock.ts'
import { silentLogger } from '../../base/logger.ts'
import { DisposableStore } from '../../base/disposable.ts'
import { EngineNode } from '../testing/engine-node.ts'
import { TestRegistry } from '../testing/test-registry.ts'
import { DockerImages } from './docker-images.ts'

const NO_AUTH = { username: '', password: '', auth: '', serverAddress: '', identityToken: '', registryToken: '' }
const MY_PASSWORD = { user: 'me', password: 'se:cret' }

let node: EngineNode
/** As the service's, but that the registry may be on this computer. */
let images: DockerImages
let registry: TestRegistry
const owned = new DisposableStore()

beforeAll(async () => {
  node = owned.add(await EngineNode.start())
  images = imagesWith({})
})

function imagesWith(change: { stallLimitMs?: number }): DockerImages {
  const { engine, service: options } = node
  return new DockerImages({ engine, options, clock: systemClock(), logger: silentLogger, registries: 'any', ...change })
}

afterAll(() => owned.dispose())

beforeEach(async () => {
  registry = await TestRegistry.start()
})
afterEach(async () => {
  await node.engine.text(`/images/${registry.image}`, { method: 'DELETE' }).catch(() => undefined)
  await registry.dispose()
})

describe('given a registry that can be reached', () => {
  it('when an image is pulled, then its id comes back, and it is there under its name and its digest', async () => {
    const reference = await images.pullImage({ image: registry.image })
    const image = await images.imageStatus({ image: registry.image })
    expect(image).toMatchObject({ id: reference, repoTags: [registry.image] })
    expect(image?.repoDigests[0]).toMatch(/\/some\/image@sha256:[0-9a-f]{64}$/)
    expect(await images.imageStatus({ image: image?.repoDigests[0] ?? '' })).toMatchObject({ id: reference })
    expect(Number(image?.size)).toBeGreaterThanOrEqual(3_000_000)
    expect(registry.layerRequests).toBe(1)
    expect(await images.pullImage({ image: registry.image })).toBe(reference)
    expect(registry.layerRequests).toBe(1)
  })

  it('when the tag is not there, then the words of the registry come back and nothing is left', async () => {
    const absent = registry.image.replace(/:1$/, ':2')
    await expect(images.pullImage({ image: absent })).rejects.toThrow(/manifest unknown/)
    expect(await images.imageStatus({ image: absent })).toBeUndefined()
  })

  it('when it wants a password, then a pull without it or with a wrong one fails, and with it succeeds', async () => {
    registry.password = MY_PASSWORD
    const { user: username, password } = MY_PASSWORD
    await expect(images.pullImage({ image: registry.image })).rejects.toThrow(/no basic auth credentials|unauthorized/)
    const wrong = { ...NO_AUTH, username, password: 'x' }
    await expect(images.pullImage({ image: registry.image }, wrong)).rejects.toThrow(/unauthorized|401/)
    const joined = { ...NO_AUTH, auth: Buffer.from(`${username}:${password}`).toString('base64') }
    expect(await images.pullImage({ image: registry.image }, joined)).toMatch(/^sha256:/)
    expect(await images.pullImage({ image: registry.image }, { ...NO_AUTH, username, password })).toMatch(/^sha256:/)
  })

  it('when it stops in the middle of a layer, then the pull is given up, and the next one succeeds', async () => {
    registry.stalls = true
    const impatient = imagesWith({ stallLimitMs: 1500 })
    await expect(impatient.pullImage({ image: registry.image })).rejects.toMatchObject({
      code: 'DeadlineExceeded',
      message: expect.stringMatching(/made no progress for 1\.5s: \w+/),
    })
    registry.stalls = false
    expect(await images.pullImage({ image: registry.image })).toMatch(/^sha256:/)
  })
})

describe('given the engine’s own images', () => {
  it('when they are listed, then the catalogue’s has its public name, and no other of Node Lab is there', async () => {
    const listed = await images.listImages()
    const names = listed.flatMap(({ repoTags }) => repoTags)
    expect(names).toContain('docker.io/library/busybox:latest')
    expect(names.filter((name) => name.startsWith('node-lab.invalid/'))).toEqual([])
    const status = await images.imageStatus({ image: 'busybox:1.36' })
    expect(listed).toContainEqual(status)
    const pulled = await images.pullImage({ image: 'busybox:1.36' })
    expect(pulled).toBe(status?.id)
  })
})

describe('given a registry that is away', () => {
  it('when an image is pulled, then it fails in the engine’s words', async () => {
    const { image } = registry
    await registry.dispose()
    await expect(images.pullImage({ image })).rejects.toThrow(/connection refused/)
    registry = await TestRegistry.start()
  })
})

describe('given what would reach this computer or its own work', () => {
  it('when the registry is this computer, then the service asks nothing of it', async () => {
    await expect(node.cri.images.pullImage({ image: registry.image })).rejects.toMatchObject({
      code: 'PermissionDenied',
    })
    expect(registry.requests).toBe(0)
  })

  it('when the name is that of an image that was made here, then the name stays with it', async () => {
    const busybox = node.service.catalogue.images[0]?.reference ?? ''
    const [repo, tag] = registry.image.split(/:(?=\d+$)/)
    await node.engine.text(`/images/${busybox}/tag`, { method: 'POST', query: { repo, tag } })
    const before = await images.imageStatus({ image: registry.image })
    await expect(images.pullImage({ image: registry.image })).rejects.toMatchObject({ code: 'PermissionDenied' })
    expect(await images.imageStatus({ image: registry.image })).toEqual(before)
  })
})
