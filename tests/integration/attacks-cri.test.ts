/**
 * Attacks by a client of a node's CRI socket, as whoever is root on a node can be: on what is another node's, and on the
 * moment between a mount's check and its use (docs/security.md).
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ContainerConfig, PodSandboxConfig } from '../../src-main/container-runtime/cri.ts'
import { EngineNode } from '../../src-main/container-runtime/testing/engine-node.ts'
import {
  exited,
  logFile,
  logTexts,
  mount,
  newPod,
  shell,
  startPod,
  type StartedPod,
} from '../../src-main/container-runtime/testing/engine-pods.ts'

let mine: EngineNode
let theirs: EngineNode
let victim: StartedPod

beforeAll(async () => {
  mine = await EngineNode.start()
  theirs = await EngineNode.start()
  victim = await startPod(theirs, 'sleep 3600')
})

afterAll(async () => {
  await mine.dispose()
  await theirs.dispose()
})

describe('given ids and names of another node’s containers', () => {
  it('when CRI is called with them, then they do not exist, and nothing happens to them', async () => {
    const { runtime } = mine.cri
    const before = await theirs.cri.runtime.containerStatus(victim.containerId)
    const nodes = (await theirs.containers()).flatMap(({ Id: id, Names: names }) => [id, names[0]?.slice(1) ?? ''])
    const foreign = [...nodes, victim.containerId.slice(0, 12), '', '/', '..', '../json', `${victim.containerId}?x=`]
    const own = newPod()
    const sandboxId = await runtime.runPodSandbox(own)
    for (const id of foreign) {
      const attempts = await Promise.allSettled([
        runtime.containerStatus(id),
        runtime.podSandboxStatus(id),
        runtime.startContainer(id),
        runtime.execSync(id, ['true'], 5),
        runtime.reopenContainerLog(id),
        runtime.createContainer(id, shell('true'), own),
      ])
      for (const attempt of attempts)
        expect(attempt, id).toMatchObject({
          status: 'rejected',
          reason: { code: expect.stringMatching(/NotFound|InvalidArgument/) as string },
        })
      // Stopping and removing what is not there is no error in CRI; it must be nothing else either.
      for (const act of ['stopPodSandbox', 'removePodSandbox', 'removeContainer'] as const)
        await runtime[act](id).catch((error: unknown) => expect(error).toMatchObject({ code: 'InvalidArgument' }))
      await runtime
        .stopContainer(id, 0)
        .catch((error: unknown) => expect(error).toMatchObject({ code: 'InvalidArgument' }))
    }
    const listed = JSON.stringify(
      [await runtime.listContainers(), await runtime.listPodSandbox()],
      (_key, value: unknown) => (typeof value === 'bigint' ? Number(value) : value),
    )
    expect(listed).toContain(sandboxId)
    for (const id of nodes) expect(listed).not.toContain(id)
    expect(await theirs.cri.runtime.containerStatus(victim.containerId)).toEqual(before)
    await runtime.removePodSandbox(sandboxId)
  })

  it('when a container wants to share processes with one of them, then it is refused', async () => {
    const pod = newPod()
    const sandboxId = await mine.cri.runtime.runPodSandbox(pod)
    const engineIds = (await theirs.containers()).map(({ Id: id }) => id)
    for (const targetId of [...engineIds, mine.service.nodeContainer, 'host']) {
      const config = shell('true')
      config.linux.securityContext.namespaceOptions = { network: 'POD', pid: 'TARGET', ipc: 'POD', targetId }
      await expect(mine.cri.runtime.createContainer(sandboxId, config, pod)).rejects.toMatchObject({
        code: expect.stringMatching(/NotFound|InvalidArgument|PermissionDenied/) as string,
      })
    }
    await mine.cri.runtime.removePodSandbox(sandboxId)
  })

  it('when a pod’s labels claim to be another node’s, then it is refused', async () => {
    const pod: PodSandboxConfig = { ...newPod(), labels: { 'io.node-lab.lab': theirs.service.lab } }
    await expect(mine.cri.runtime.runPodSandbox(pod)).rejects.toMatchObject({ code: 'InvalidArgument' })
    const annotated: PodSandboxConfig = { ...newPod(), annotations: { 'io.node-lab.role': 'runtime' } }
    const sandboxId = await mine.cri.runtime.runPodSandbox(annotated)
    const made = (await mine.containers()).find(({ Id: id }) => id === sandboxId)
    expect(made?.Labels['io.node-lab.role']).toBe('sandbox')
    await mine.cri.runtime.removePodSandbox(sandboxId)
  })

  it('when the name of an image is a way to something else, then there is no such image', async () => {
    for (const image of ['..', `../containers/${victim.containerId}`, '../info', './json?all=1'])
      await expect(mine.cri.images.imageStatus({ image }), image).resolves.toBeUndefined()
  })

  it('when an image is to be removed, then it stays, and is refused in words', async () => {
    const [image] = mine.service.catalogue.images
    const reference = image?.reference ?? ''
    await expect(mine.cri.images.removeImage({ image: reference })).rejects.toMatchObject({
      code: expect.stringMatching(/^(PermissionDenied|FailedPrecondition)$/),
      message: expect.stringMatching(/is kept|is being used/),
    })
    await expect(mine.cri.images.imageStatus({ image: reference })).resolves.toBeDefined()
  })
})

/** Swaps a folder of the volume for links that lead out of it and back, each for about as long as the engine needs to look. */
const SWAP_FOREVER = `
  const { renameSync, symlinkSync } = require('node:fs')
  const [folder, target] = process.argv.slice(1)
  const rest = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.random() * 4)
  symlinkSync(target, folder + '.link')
  for (;;) {
    rest()
    renameSync(folder, folder + '.real')
    renameSync(folder + '.link', folder)
    rest()
    renameSync(folder, folder + '.link')
    renameSync(folder + '.real', folder)
  }`

describe('given somebody on the node who swaps a mounted folder for a link all the time', () => {
  it.each([
    ['the root of the computer', '/'],
    ['a climb out of the volume', '../../../../../../../../..'],
    ['the volumes of the engine', '../../..'],
  ])('when containers with it are made and started, then none ever sees %s', async (_what, target) => {
    const folder = join(mine.nodeRoot, 'data/swapped')
    await mkdir(folder)
    await writeFile(join(folder, 'inside'), '')
    const swapper = spawn(process.execPath, ['-e', SWAP_FOREVER, folder, target], { stdio: 'ignore' })
    const outcomes = { started: 0, refused: 0 }
    try {
      const pod = newPod()
      const sandboxId = await mine.cri.runtime.runPodSandbox(pod)
      const isEnough = (): boolean => outcomes.started >= 5 && outcomes.refused >= 5
      for (let attempt = 0; attempt < 25 || (attempt < 150 && !isEnough()); attempt++) {
        const config: ContainerConfig = shell('ls -A /mnt/x', {
          ...mount('/data/swapped'),
          metadata: { name: 'app', attempt },
          logPath: `app/${attempt}.log`,
        })
        const containerId = await mine.cri.runtime.createContainer(sandboxId, config, pod)
        const started = await mine.cri.runtime.startContainer(containerId).then(
          () => true,
          (error: unknown) => {
            expect(String(error)).not.toContain('/_data')
            return false
          },
        )
        outcomes[started ? 'started' : 'refused']++
        if (!started) continue
        await exited(mine, containerId)
        await expect.poll(() => logTexts(logFile(mine, { pod, config }))).toEqual(['inside'])
      }
      await mine.cri.runtime.removePodSandbox(sandboxId)
    } finally {
      swapper.kill('SIGKILL')
      await once(swapper, 'exit')
      for (const name of ['', '.link', '.real']) await rm(`${folder}${name}`, { recursive: true, force: true })
    }
    // Both happen, or the race was none.
    expect(outcomes.refused).toBeGreaterThan(0)
    expect(outcomes.started).toBeGreaterThan(0)
  })
})

describe('given a container that takes more than its share', () => {
  it('when it forks without end, then it is stopped at its limit, and others go on', async () => {
    const script = 'i=0; while [ $i -lt 5000 ]; do sleep 100 & i=$((i+1)); done; echo unlimited'
    const { sandboxId, containerId, pod, config } = await startPod(mine, script)
    const neighbour = await startPod(mine, 'sleep 3600')
    expect(await exited(mine, containerId)).not.toMatchObject({ exitCode: 0 })
    const texts = await logTexts(logFile(mine, { pod, config }))
    expect(texts.join('\n')).toMatch(/can't fork/)
    expect(texts).not.toContain('unlimited')
    const answer = await mine.cri.runtime.execSync(neighbour.containerId, ['echo', 'fine'], 10)
    expect(Buffer.from(answer.stdout).toString()).toBe('fine\n')
    for (const id of [sandboxId, neighbour.sandboxId]) await mine.cri.runtime.removePodSandbox(id)
  })

  it('when it is killed for memory or by a signal, then the reasons differ though the exit codes are the same', async () => {
    const limits = { cpuPeriod: 0n, cpuQuota: 0n, cpuShares: 2n, memoryLimitInBytes: 33_554_432n, oomScoreAdj: 0n }
    const limited = (script: string): ContainerConfig => {
      const config = shell(script)
      return { ...config, linux: { ...config.linux, resources: limits } }
    }
    const greedy = await startPod(mine, '', limited('tail /dev/zero & exec tail /dev/zero'))
    const killed = await startPod(mine, '', limited('trap "" TERM; while :; do sleep 1; done'))
    await mine.cri.runtime.stopContainer(killed.containerId, 1)
    expect(await exited(mine, greedy.containerId)).toMatchObject({ exitCode: 137, reason: 'OOMKilled' })
    expect(await exited(mine, killed.containerId)).toMatchObject({ exitCode: 137, reason: 'Error' })
    for (const { sandboxId } of [greedy, killed]) await mine.cri.runtime.removePodSandbox(sandboxId)
  })
})
