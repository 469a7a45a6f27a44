/**
 * `npm run bench`: what Node Lab costs beside the bare engine. Every figure and its floor are measured in the same run, in
 * turn, so that a slow machine slows both; medians are printed. Exits 1 when a budget of the design is missed. `--start-only`: the start of a lab alone. `--window`: what the
 * window costs, on the in-memory bridge in Chromium; no engine is used.
 */
import { spawnSync } from 'node:child_process'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureEngine } from '../../src-main/lab/engine/ensure-engine.ts'
import { ensureImages } from '../../src-main/lab/images/ensure-images.ts'
import type { Engine } from '../../src-main/lab/engine/engine.ts'
import { RUN_FOREVER, shellManifest } from '../support/manifests.ts'
import { TestLab } from '../support/test-lab.ts'
import { waitUntil } from '../support/wait-until.ts'
import { measureApi } from './api.ts'
import { measureControlPlane } from './control-plane.ts'
import { measureCri } from './cri.ts'
import { EngineWatch } from './engine-watch.ts'
import { measureLabStart } from './lab-start.ts'
import { FloorPod, type FloorImages } from './floor.ts'
import { containerUsage, type Usage } from './container-usage.ts'
import { durationRow, formatTable, median, milliseconds, type Row } from './measure.ts'
import { measureSimulatedNodes } from './simulated-nodes.ts'

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    pods: { type: 'string', default: '100' },
    idleSeconds: { type: 'string', default: '30' },
    simulated: { type: 'string', default: '200' },
    window: { type: 'boolean', default: false },
    'start-only': { type: 'boolean', default: false },
  },
})
const runs = Number(options.runs)
const podsAtOnce = Number(options.pods)
const idleSeconds = Number(options.idleSeconds)

const WARM_UP_RUNS = 2
const MANY_LIMIT_MS = 600_000
/** How many pods are started at once straight through the engine: the fastest in a trial is the floor's width. */
const FLOOR_WIDTHS = [2, 5, 20]
const TRIAL_PODS = 20
const MANY_ROUNDS = 3

const progress = (message: string): void => console.error(message)
// A program of its own: what runs in the page is checked against the browser's types.
if (options.window)
  process.exit(
    spawnSync(process.execPath, [join(import.meta.dirname, 'window.ts'), ...process.argv.slice(2)], {
      stdio: 'inherit',
    }).status ?? 1,
  )
const engine = await ensureEngine({ onProgress: (step) => progress(step.message) })
process.env['DOCKER_HOST'] = engine.endpoint
const imageSet = await ensureImages(engine, { onProgress: (step) => progress(step.message) })
const busybox = imageSet.catalogue.images.find((image) => image.repositories.some((name) => name.endsWith('busybox')))
if (busybox === undefined) throw new Error('the catalogue has no busybox')
const images: FloorImages = { pause: imageSet.pause, busybox: busybox.reference }

const lab = new TestLab('bench')
const rows: Row[] = []

interface PodTimes {
  started: number[]
  restarted: number[]
  removed: number[]
}

function noTimes(): PodTimes {
  return { started: [], restarted: [], removed: [] }
}

function dropFile(folder: string, name: string): number {
  const temporary = join(lab.home, `${name}.tmp`)
  writeFileSync(temporary, shellManifest(name, RUN_FOREVER))
  const droppedMs = Date.now()
  renameSync(temporary, join(folder, `${name}.yaml`))
  return droppedMs
}

async function ourPod(watch: EngineWatch, folder: string, index: number, times: PodTimes): Promise<void> {
  const pod = `run${index}-node01`
  const started = watch.next('start', pod, 'container')
  const droppedMs = dropFile(folder, `run${index}`)
  // Nothing polls until it has started; its own time is the one that the floor is measured by.
  await started
  await lab.waitForRunning(pod)
  const [container] = await lab.containers('container', `label=io.kubernetes.pod.name=${pod}`, 'status=running')
  if (container === undefined) throw new Error(`${pod} has no container`)
  times.started.push(Date.parse((await engine.inspectContainer(container))?.startedAt ?? '') - droppedMs)
  const [died, restarted] = [watch.next('die', pod, 'container'), watch.next('start', pod, 'container')]
  await engine.killContainer(container, 'SIGKILL')
  times.restarted.push((await restarted) - (await died))
  await lab.waitForRunning(pod, 1)
  const stopped = watch.next('die', pod, 'sandbox')
  const removedMs = Date.now()
  rmSync(join(folder, `run${index}.yaml`))
  times.removed.push((await stopped) - removedMs)
  await lab.waitForGone(pod)
}

async function floorPod(bare: Engine, index: number, network: string, times: PodTimes): Promise<void> {
  const pod = new FloorPod(bare, images, `bench-floor-${process.pid}-${index}`, network)
  try {
    times.started.push(await pod.start())
    times.restarted.push(await pod.restart())
    times.removed.push(await pod.stop('app-1'))
  } finally {
    await pod.remove()
  }
}

async function singlePods(folder: string): Promise<void> {
  const watch = await EngineWatch.open(engine, lab.name)
  const [ours, floor] = [noTimes(), noTimes()]
  const network = `node-lab.${lab.name}`
  // The first pods of a new lab take longer, on either way.
  const [ourWarmUp, floorWarmUp] = [noTimes(), noTimes()]
  for (let index = 0; index < WARM_UP_RUNS + runs; index++) {
    const isWarmUp = index < WARM_UP_RUNS
    progress(isWarmUp ? 'one pod, to warm up' : `one pod, run ${index + 1 - WARM_UP_RUNS} of ${runs}`)
    await ourPod(watch, folder, index, isWarmUp ? ourWarmUp : ours)
    await floorPod(engine, index, network, isWarmUp ? floorWarmUp : floor)
  }
  await watch.dispose()
  rows.push(durationRow('manifest dropped → container running', ours.started, floor.started, 1.05))
  rows.push(durationRow('container killed → running again', ours.restarted, floor.restarted, 1.1))
  rows.push(durationRow('manifest removed → pod stopped', ours.removed, floor.removed))
}

/** In turn, so that a slow moment of the machine slows both; the times are the engine's own. */
async function manyPods(folder: string, count: number): Promise<void> {
  const [ours, stopped, floor]: [number[], number[], number[]] = [[], [], []]
  const width = await fastestFloorWidth()
  for (let round = 0; round < MANY_ROUNDS; round++) {
    const times = await manyAtOnce(folder, count)
    ours.push(times.startedMs)
    stopped.push(times.stoppedMs)
    floor.push(await manyFloorPods(count, width))
  }
  rows.push(durationRow(`${count} manifests at once → all running (floor: ${width} at once)`, ours, floor, 1 / 0.95))
  rows.push({ what: `${count} manifests removed → all stopped`, value: milliseconds(median(stopped)) })
}

async function fastestFloorWidth(): Promise<number> {
  const trials: { width: number; tookMs: number }[] = []
  for (const width of FLOOR_WIDTHS) trials.push({ width, tookMs: await manyFloorPods(TRIAL_PODS, width) })
  return trials.reduce((best, trial) => (trial.tookMs < best.tookMs ? trial : best)).width
}

async function manyAtOnce(folder: string, count: number): Promise<{ startedMs: number; stoppedMs: number }> {
  progress(`${count} pods at once`)
  const watch = await EngineWatch.open(engine, lab.name)
  const names = Array.from({ length: count }, (_, index) => `many${index}`)
  const started = names.map((name) => watch.next('start', `${name}-node01`, 'container', MANY_LIMIT_MS))
  const beganMs = Date.now()
  for (const name of names) dropFile(folder, name)
  const startedMs = Math.max(...(await Promise.all(started))) - beganMs
  await waitUntil({ what: 'all pods to be ready', timeoutSeconds: 600, intervalMs: 1000 }, async () => {
    const ready = (await lab.pods('node01')).filter((pod) => pod.status?.containerStatuses?.[0]?.ready === true).length
    if (ready < count) throw new Error(`${ready} are ready`)
    return true
  })
  const stopped = names.map((name) => watch.next('die', `${name}-node01`, 'sandbox', MANY_LIMIT_MS))
  const removedMs = Date.now()
  for (const name of names) rmSync(join(folder, `${name}.yaml`))
  const stoppedMs = Math.max(...(await Promise.all(stopped))) - removedMs
  await watch.dispose()
  await waitUntil({ what: 'all pods to be gone', timeoutSeconds: 600, intervalMs: 1000 }, async () => {
    const left = (await lab.pods('node01')).length
    if (left > 0) throw new Error(`${left} are left`)
    return true
  })
  return { startedMs, stoppedMs }
}

async function manyFloorPods(count: number, width: number): Promise<number> {
  progress(`${count} pods straight through the engine, ${width} at once`)
  const pods = Array.from(
    { length: count },
    (_, index) => new FloorPod(engine, images, `bench-floor-${process.pid}-${width}-${index}`, `node-lab.${lab.name}`),
  )
  const forEach = async (act: (pod: FloorPod) => Promise<unknown>): Promise<void> => {
    const waiting = [...pods]
    const work = async (): Promise<void> => {
      for (let pod = waiting.shift(); pod !== undefined; pod = waiting.shift()) await act(pod)
    }
    await Promise.all(Array.from({ length: width }, work))
  }
  const beganMs = Date.now()
  try {
    await forEach((pod) => pod.start())
    return Date.now() - beganMs
  } finally {
    await forEach((pod) => pod.remove())
  }
}

async function nodeUsage(): Promise<Usage> {
  const node = await containerUsage(`node-lab.${lab.name}.node01`)
  const runtime = await containerUsage(`node-lab.${lab.name}.node01.runtime`)
  return { cpuSeconds: node.cpuSeconds + runtime.cpuSeconds, privateBytes: node.privateBytes + runtime.privateBytes }
}

async function idle(folder: string): Promise<void> {
  for (let index = 0; index < 10; index++) dropFile(folder, `idle${index}`)
  for (let index = 0; index < 10; index++) await lab.waitForRunning(`idle${index}-node01`)
  progress(`idle for ${idleSeconds} s with 10 pods`)
  const before = await nodeUsage()
  const beganMs = performance.now()
  await new Promise((resolve) => setTimeout(resolve, idleSeconds * 1000))
  const after = await nodeUsage()
  const percent = ((after.cpuSeconds - before.cpuSeconds) / ((performance.now() - beganMs) / 1000)) * 100
  const megabytes = after.privateBytes / 1024 / 1024
  rows.push({
    what: 'node + runtime service, 10 pods: CPU of one core',
    value: `${percent.toFixed(2)} %`,
    budget: '≤ 1 %',
    withinBudget: percent <= 1,
  })
  rows.push({
    what: 'node + runtime service, 10 pods: private memory',
    value: `${megabytes.toFixed(0)} MB`,
    budget: '≤ 60 MB',
    withinBudget: megabytes <= 60,
  })
}

try {
  rows.push(await measureLabStart(progress))
  if (!options['start-only']) await measureLab()
} finally {
  await lab.dispose()
  await engine.dispose()
}

async function measureLab(): Promise<void> {
  await lab.ok('up', '--nodes', '2')
  const again: number[] = []
  for (let index = 0; index < 3; index++) {
    const beganMs = performance.now()
    await lab.ok('up')
    again.push(performance.now() - beganMs)
  }
  rows.push({ what: 'up, when it is up', value: milliseconds(median(again)) })
  const folder = await lab.manifestsFolder()
  await singlePods(folder)
  rows.push(...(await measureCri({ engine, lab, images, node: 'node02', runs, progress })))
  await manyPods(folder, podsAtOnce)
  await idle(folder)
  rows.push(...(await measureApi(Math.min(runs, 5), progress)))
  rows.push(...(await measureControlPlane(progress)))
  rows.push(...(await measureSimulatedNodes(progress, Number(options.simulated), idleSeconds)))
}

console.log(`\n${formatTable(rows)}\n`)
const missed = rows.filter((row) => row.withinBudget === false)
if (missed.length > 0) {
  console.log(`${missed.length} budgets missed: ${missed.map((row) => row.what).join('; ')}`)
  process.exitCode = 1
}
