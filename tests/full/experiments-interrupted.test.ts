/** Twenty experiments in a row, some cancelled, some with the program killed: the lab is as before each time. */
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExperimentLab, type LabTraces } from '../support/experiment-lab.ts'

/** Of each kind of change one: agents, files, objects, a component, a node's kubelet, its power, taints, a node more. */
const NAMES = [
  ...['delete-pod', 'edit', 'stop-scheduler', 'stop-kubelet', 'taint', 'add-node', 'config-map'],
  ...['power-off', 'cordon', 'stop-api-server'],
] as const
const ENDS = ['killed', 'cancelled', 'killed', 'finished'] as const
const ROUNDS = Array.from({ length: 20 }, (_, round) => ({
  round,
  name: NAMES[round % NAMES.length] ?? 'delete-pod',
  end: ENDS[(round + Math.floor(round / NAMES.length)) % ENDS.length] ?? 'killed',
}))
/** A little later each time: from setting up to putting back. */
const STEP_MS = 2_300
const SIGINT_EXIT = 130

/** A node that was off is ready some seconds after its pods. */
const AS_BEFORE = { timeout: 120_000, interval: 1000 }

const lab = new ExperimentLab('interrupted')
let before: LabTraces

beforeAll(async () => {
  await lab.up('--nodes', '1')
  before = await lab.traces()
})

afterAll(() => lab.dispose())

describe('given a lab on which nothing runs', () => {
  it.each(ROUNDS)('when $name is $end (round $round), then the lab is as before', async ({ round, name, end }) => {
    const run = lab.start('experiment', 'run', name)
    let said = ''
    run.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
    run.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text))
    const ended = once(run, 'exit') as Promise<[number | null]>
    if (end !== 'finished') {
      await Promise.race([delay(round * STEP_MS), ended])
      run.kill(end === 'killed' ? 'SIGKILL' : 'SIGINT')
    }
    const [exitCode] = await ended
    if (end === 'cancelled') expect([0, SIGINT_EXIT], said).toContain(exitCode)
    if (end === 'finished') expect(exitCode, said).toBe(0)
    if (end === 'killed') await lab.ok('experiment', 'restore')
    await expect.poll(() => lab.traces(), AS_BEFORE).toEqual(before)
  })
})
