/** The `Engine` on the real Docker API: what no fake can vouch for. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LAB_LABEL } from '../../common/engine-labels.ts'
import { ensureImages } from '../images/ensure-images.ts'
import { connectEngine } from './ensure-engine.ts'
import type { Engine, EngineEvent } from './engine.ts'
import { probeEngine } from './probes.ts'

const lab = `engine-test-${process.pid}`
const labels = { [LAB_LABEL]: lab }
let engine: Engine
let image: string
let nodeImage: string
let container: string

beforeAll(async () => {
  engine = await connectEngine()
  const { catalogue, node } = await ensureImages(engine)
  nodeImage = node
  image = catalogue.images[0]?.reference ?? ''
  container = await engine.createContainer({
    name: lab,
    image,
    command: ['sh', '-c', 'trap "exit 3" TERM; while :; do sleep 0.1; done'],
    labels,
    mounts: [],
    network: { mode: 'none' },
    restartPolicy: 'no',
  })
  await engine.startContainer(container)
})

afterAll(async () => {
  for (const { id } of await engine.listContainers(labels)) await engine.removeContainer(id)
  await engine.dispose()
})

describe('exec', () => {
  it('given input that ends, then output and errors come apart and the exit code last', async () => {
    const exec = await engine.exec(container, { command: ['sh', '-c', 'cat; echo bad >&2; exit 7'], stdin: true })
    exec.stdin.end('hello\n')
    const [stdout, stderr, exit] = await Promise.all([exec.stdout.toArray(), exec.stderr.toArray(), exec.exit])
    expect([Buffer.concat(stdout as Buffer[]).toString(), Buffer.concat(stderr as Buffer[]).toString(), exit]).toEqual([
      'hello\n',
      'bad\n',
      7,
    ])
  })

  it('given a terminal that was resized, then the process sees the size', async () => {
    const exec = await engine.exec(container, { command: ['sh'], tty: true, stdin: true })
    await exec.resize(100, 40)
    exec.stdin.write('stty size; exit 5\n')
    const output = Buffer.concat((await exec.stdout.toArray()) as Buffer[]).toString()
    expect([output, await exec.exit]).toEqual([expect.stringContaining('40 100'), 5])
  })

  it('given a container that is not there, then it says so', async () => {
    await expect(engine.exec('no-such-container', { command: ['true'] })).rejects.toMatchObject({ kind: 'NotFound' })
  })
})

describe('life of a container', () => {
  it('given a watcher, when a container starts and dies, then both are told in order', async () => {
    const events: EngineEvent[] = []
    const connected = Promise.withResolvers<void>()
    const died = Promise.withResolvers<void>()
    const watch = engine.watchEvents(labels, {
      onReconnected: () => connected.resolve(),
      onEvent: (event) => {
        events.push(event)
        if (event.action === 'die') died.resolve()
      },
    })
    await connected.promise
    const spec = { image, labels, mounts: [], network: { mode: 'none' as const }, restartPolicy: 'no' as const }
    const id = await engine.createContainer({ ...spec, name: `${lab}-short`, command: ['true'] })
    await engine.startContainer(id)
    expect(await engine.waitContainer(id)).toBe(0)
    await died.promise
    await watch.dispose()
    const actions = events.filter((event) => event.id === id).map(({ action }) => action)
    expect(actions.filter((action) => ['create', 'start', 'die'].includes(action))[0]).toBe('create')
    expect(actions).toContain('die')
    await engine.removeContainer(id)
    await engine.removeContainer(id)
    expect(await engine.inspectContainer(id)).toBeUndefined()
  })

  it('given a taken name or a missing image, then the kinds of the errors tell them apart', async () => {
    const spec = { labels, mounts: [], network: { mode: 'none' as const }, restartPolicy: 'no' as const }
    await expect(engine.createContainer({ ...spec, name: lab, image })).rejects.toMatchObject({ kind: 'AlreadyExists' })
    await expect(
      engine.createContainer({ ...spec, name: `${lab}-x`, image: 'node-lab.invalid/no-such:1' }),
    ).rejects.toMatchObject({ kind: 'NotFound' })
  })

  it('given TERM, then the exit code is what the process said, and a second stop does nothing', async () => {
    await engine.stopContainer(container, 30)
    expect((await engine.inspectContainer(container))?.exitCode).toBe(3)
    await engine.stopContainer(container, 1)
    await expect(engine.killContainer(container, 'KILL')).rejects.toMatchObject({ kind: 'Conflict' })
  })
})

it('given this engine, then all probes pass', async () => {
  const home = process.env['NODE_LAB_HOME'] ?? '/var/tmp'
  const probes = await probeEngine(engine, { image: nodeImage, home })
  expect(probes.filter(({ ok, notice }) => !ok || notice === true)).toEqual([])
})
