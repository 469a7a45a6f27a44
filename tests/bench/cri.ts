/** The runtime service alone: CRI calls against the same calls straight to the engine, and how soon it is found again. */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DisposableStore, toDisposable } from '../../src-main/base/disposable.ts'
import { createCriClient } from '../../src-main/container-runtime/grpc/client.ts'
import type { CriClient } from '../../src-main/container-runtime/grpc/client.ts'
import { aContainerConfig, aPodSandboxConfig } from '../../src-main/container-runtime/testing/configs.ts'
import type { Engine } from '../../src-main/lab/engine/engine.ts'
import { engineApi, inspectContainer } from '../support/engine-api.ts'
import type { TestLab } from '../support/test-lab.ts'
import { waitUntil } from '../support/wait-until.ts'
import { FloorPod, type FloorImages } from './floor.ts'
import { durationRow, median, milliseconds, type Row } from './measure.ts'

export interface CriBench {
  engine: Engine
  lab: TestLab
  images: FloorImages
  /** Whose kubelet is stopped: it would remove pods that it does not know. */
  node: string
  runs: number
  progress: (message: string) => void
}

interface PodTimes {
  whole: number[]
  /** Of it, with a sandbox that is there already. */
  container: number[]
}

export async function measureCri(bench: CriBench): Promise<Row[]> {
  const { lab, node, runs, progress } = bench
  await lab.ok('shell', node, '--', 'systemctl', 'stop', 'kubelet')
  const owned = new DisposableStore()
  try {
    const client = owned.add(createCriClient({ socketPath: await linkSocket(lab, node, owned) }))
    const ours: PodTimes = { whole: [], container: [] }
    const floor: PodTimes = { whole: [], container: [] }
    for (let index = 0; index < runs; index++) {
      progress(`one pod over CRI, run ${index + 1} of ${runs}`)
      await criPod(client, index, ours)
      await floorPod(bench, index, floor)
    }
    return [
      durationRow('CRI: sandbox and container → started', ours.whole, floor.whole, 1.05),
      durationRow('CRI: container in a sandbox that is there → started', ours.container, floor.container),
      await measureReconnection(bench, client),
    ]
  } finally {
    await owned.dispose()
    await lab.ok('shell', node, '--', 'systemctl', 'start', 'kubelet')
  }
}

/** The path of a socket may have 108 bytes; that of the volume can be longer. */
async function linkSocket(lab: TestLab, node: string, owned: DisposableStore): Promise<string> {
  const volume = `node-lab.${lab.name}.${node}`
  const { Mountpoint } = await engineApi<{ Mountpoint: string }>('GET', `/volumes/${volume}`)
  const folder = mkdtempSync(join(tmpdir(), 'cri-'))
  owned.add(toDisposable(() => rmSync(folder, { recursive: true })))
  symlinkSync(join(Mountpoint, 'run/containerd'), join(folder, 'c'))
  return join(folder, 'c/containerd.sock')
}

async function criPod({ runtime }: CriClient, index: number, times: PodTimes): Promise<void> {
  const pod = aPodSandboxConfig({ name: `bench${index}`, uid: `${index}`.padStart(32, '0') })
  const beganMs = performance.now()
  const sandboxId = await runtime.runPodSandbox(pod)
  const sandboxMs = performance.now()
  await runtime.startContainer(await runtime.createContainer(sandboxId, aContainerConfig(), pod))
  times.whole.push(performance.now() - beganMs)
  times.container.push(performance.now() - sandboxMs)
  await runtime.removePodSandbox(sandboxId)
}

async function floorPod({ engine, images, lab }: CriBench, index: number, times: PodTimes): Promise<void> {
  const pod = new FloorPod(engine, images, `bench-cri-${process.pid}-${index}`, `node-lab.${lab.name}`)
  try {
    const beganMs = performance.now()
    await pod.startSandbox()
    const sandboxMs = performance.now()
    await pod.startApplication('app-0')
    times.whole.push(performance.now() - beganMs)
    times.container.push(performance.now() - sandboxMs)
  } finally {
    await pod.remove()
  }
}

/** From the moment at which a killed service serves again to the first answer that a waiting client gets. */
async function measureReconnection(bench: CriBench, { runtime }: CriClient): Promise<Row> {
  const service = `node-lab.${bench.lab.name}.${bench.node}.runtime`
  const lags: number[] = []
  for (let run = 0; run < 5; run++) {
    bench.progress(`the runtime service is killed, run ${run + 1} of 5`)
    const servedBefore = (await servingTimes(bench.engine, service)).length
    const { State: state } = await inspectContainer(service)
    process.kill(state.Pid, 'SIGKILL')
    await waitUntil({ what: 'the service to be away', intervalMs: 1 }, async () =>
      runtime.version().then(
        () => undefined,
        () => true,
      ),
    )
    const answeredMs = await waitUntil({ what: 'the service to answer', intervalMs: 2 }, async () => {
      await runtime.version()
      return Date.now()
    })
    const serving = await servingTimes(bench.engine, service)
    if (serving.length <= servedBefore) throw new Error(`${service} answered without being restarted`)
    lags.push(Math.max(0, answeredMs - (serving.at(-1) ?? 0)))
  }
  const lagMs = median(lags)
  return {
    what: 'CRI: service serves again → its client is answered',
    value: milliseconds(lagMs),
    budget: '≤ 300 ms',
    withinBudget: lagMs <= 300,
  }
}

/** When the service said that it serves, by the clock of its log's stamps, which are UTC without a year. */
async function servingTimes(engine: Engine, container: string): Promise<number[]> {
  const log = await engine.containerLogs(container, { tailLines: 200 })
  return [...log.matchAll(/^I(\d\d)(\d\d) (\d\d:\d\d:\d\d\.\d{3})\d* .*"serving CRI"/gm)].map(([, month, day, time]) =>
    Date.parse(`${new Date().getUTCFullYear()}-${month}-${day}T${time}Z`),
  )
}
