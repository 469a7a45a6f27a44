/** The images of Node Lab, made and run on the real engine. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROLE_LABEL } from '../../common/engine-labels.ts'
import { isLabError } from '../../common/lab-error.ts'
import { connectEngine } from '../engine/ensure-engine.ts'
import type { Engine, EngineContainerSpec } from '../engine/engine.ts'
import { runHelper } from '../engine/run-helper.ts'
import { ensureImages, type ImageSet } from './ensure-images.ts'

let engine: Engine
let images: ImageSet
const made: string[] = []

beforeAll(async () => {
  engine = await connectEngine()
  images = await ensureImages(engine)
})

afterAll(async () => {
  for (const id of made) await engine.removeContainer(id)
  await engine.dispose()
})

function workload(name: string): string {
  const image = images.catalogue.images.find(({ repositories }) =>
    repositories.some((repository) => repository.endsWith(name)),
  )
  if (image === undefined) throw new Error(`the catalogue has no ${name}`)
  return image.reference
}

async function start(image: string, options: Partial<EngineContainerSpec> = {}): Promise<string> {
  const id = await engine.createContainer({
    name: `node-lab.images-test.${process.pid}.${made.length}`,
    image,
    labels: { [ROLE_LABEL]: 'helper' },
    mounts: [],
    network: { mode: 'none' },
    restartPolicy: 'no',
    ...options,
  })
  made.push(id)
  await engine.startContainer(id)
  return id
}

async function run(container: string, ...command: string[]): Promise<{ exitCode: number; output: string }> {
  const exec = await engine.exec(container, { command })
  const [output] = await Promise.all([exec.stdout.toArray(), exec.stderr.resume()])
  return { exitCode: await exec.exit, output: Buffer.concat(output as Buffer[]).toString() }
}

it('given all images, when they are asked for again, then it takes less than a second and names the same ones', async () => {
  const startMs = performance.now()
  expect(await ensureImages(engine)).toEqual(images)
  expect(performance.now() - startMs).toBeLessThan(1000)
})

describe('busybox', () => {
  it('given a command line with its tools, then they are found on the PATH', async () => {
    const helper = {
      image: workload('busybox'),
      mounts: [],
      command: ['sh', '-c', 'echo b a | tr " " "\\n" | sort | head -1'],
    }
    expect(await runHelper(engine, helper)).toEqual({ exitCode: 0, output: 'a\n' })
  })
})

describe('pause', () => {
  it('given TERM, then it ends at once with exit code 0', async () => {
    const id = await start(images.pause)
    // The kernel drops a TERM that comes before process 1 has made itself ready for it, so it is sent until it is heard.
    const deadlineMs = performance.now() + 20_000
    let details = await engine.inspectContainer(id)
    while (details?.state === 'running' && performance.now() < deadlineMs) {
      await engine.killContainer(id, 'TERM').catch((error: unknown) => {
        if (!isLabError(error) || error.kind !== 'Conflict') throw error
      })
      details = await engine.inspectContainer(id)
    }
    expect(details).toMatchObject({ state: 'exited', exitCode: 0 })
  })
})

describe('nginx', () => {
  it('given a container, then it serves its page on port 80, logs the request and quits gracefully', async () => {
    const id = await start(workload('nginx'))
    const deadlineMs = performance.now() + 20_000
    let page = await run(id, 'wget', '-qO-', 'http://127.0.0.1/')
    while (page.exitCode !== 0 && performance.now() < deadlineMs)
      page = await run(id, 'wget', '-qO-', 'http://127.0.0.1/')
    expect(page.output).toMatch(/Welcome to nginx.*Node Lab/s)
    expect(await engine.containerLogs(id)).toMatch(/"GET \/ HTTP\/1\.\d" 200/)
    await engine.stopContainer(id, 30)
    expect((await engine.inspectContainer(id))?.exitCode).toBe(0)
  })
})

describe('node image', () => {
  it.each([
    [['node', '--version'], /^v26\./],
    [['kubectl', 'version', '--client'], /Client Version: v1\./],
    [['sh', '-c', 'ls -A /etc/kubernetes/manifests | wc -l'], /^0$/m],
    [['sh', '-c', 'test -x /usr/lib/node-lab/init && test -f /usr/lib/node-lab/kubelet.js && echo there'], /^there$/m],
    [['sh', '-c', 'stat -c %a /tmp /root'], /^1777\n700$/m],
  ])('given %j, then it answers as a node should', async (command, expected) => {
    const { exitCode, output } = await runHelper(engine, { image: images.node, mounts: [], command })
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: expect.stringMatching(expected) })
  })
})
