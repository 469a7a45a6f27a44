/** Random calls on a node of its own on the real engine; ends with nothing left and nothing held open. */
import { expect } from 'vitest'
import { EngineNode } from '../engine-node.ts'
import { sampleSteps } from './call-plan.ts'
import { EngineWorld, readOpenFiles } from './engine-world.ts'
import { runRandomCalls } from './run-random-calls.ts'

/** `NODE_LAB_SEED` replays a run. */
function chooseSeed(usual: number | undefined): number {
  const given = process.env['NODE_LAB_SEED']
  return given === undefined ? (usual ?? Math.floor(Math.random() * 2 ** 31)) : Number(given)
}

/** Connections to the engine that are kept for the next question, and the test's own to the service. */
const SPARE_CONNECTIONS = 8

/**
 * @param options.seed of the calls; absent: others each time
 * @throws Error with the seed and the last calls when anything was untrue
 */
export async function runOnEngine(options: { calls: number; oneDisasterIn: number; seed?: number }): Promise<void> {
  const seed = chooseSeed(options.seed)
  const node = await EngineNode.start()
  let world: EngineWorld | undefined
  try {
    world = await EngineWorld.make(node)
    const atFirst = await readOpenFiles(node.servicePid)
    const log = await runRandomCalls(world, sampleSteps({ ...options, seed }))
    console.log(summarise(seed, log, world))
    await expect.poll(() => world?.findLeftVolumes(), { timeout: 20_000 }).toEqual([])
    expect(world.anonymousVolumesSeen).toBeGreaterThan(0)
    await expect
      .poll(() => readOpenFiles(node.servicePid), { timeout: 20_000 })
      .toSatisfy(
        ({ count, logs }: { count: number; logs: string[] }) =>
          logs.length === 0 && count <= atFirst.count + SPARE_CONNECTIONS,
      )
  } catch (error) {
    const serviceLog = node.serviceLog.split('\n').slice(-30).join('\n')
    console.error(`NODE_LAB_SEED=${seed} makes the same calls; the service said last:\n${serviceLog}`)
    throw error
  } finally {
    try {
      await node.dispose()
    } finally {
      await world?.removeImage()
    }
  }
}

function summarise(seed: number, log: readonly string[], world: EngineWorld): string {
  const calls = log.filter((line) => line.startsWith('#'))
  const answers = new Map<string, number>()
  for (const line of calls) {
    const error = /→ ([A-Z]\w+):/.exec(line)?.[1] ?? 'ok'
    answers.set(error, (answers.get(error) ?? 0) + 1)
  }
  const told = [...answers].map(([answer, count]) => `${count} ${answer}`).join(', ')
  const volumes = world.anonymousVolumesSeen
  return `seed ${seed}: ${calls.length} calls (${told}), ${log.length - calls.length} disasters, ${volumes} anonymous volumes`
}
