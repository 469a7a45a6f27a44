/**
 * The remedy `start-engine` on a machine inside of this one that has no engine: its own processes, network and mounts, where
 * the places of the engine that Node Lab makes are empty but for its program files.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DoctorCheck } from '../../src-main/common/doctor/doctor-report.ts'
import { OWN_ENGINE } from '../../src-main/lab/engine/own-engine-paths.ts'
import { ensureEngineProgram } from '../../src-main/lab/engine/own-engine-program.ts'

/** On a real disk, as overlay mounts need, and in the folder whose leavings of killed runs are looked for. */
const ROOT = '/var/lib/node-lab/test-engines'

/** Arguments: what stands for the engine's state and run folders, its program, and the command. */
const WITHIN = `
set -eu
state=$1 run=$2 program=$3; shift 3
ip link set lo up
mkdir -p "$state/$(basename "$program")"
mount --bind "$program" "$state/$(basename "$program")"
mount --rbind "$state" ${OWN_ENGINE.state}
mount --bind "$run" ${OWN_ENGINE.run}
exec "$@"`

const PROGRAM = `
import { systemClock } from 'ROOT/src-main/base/clock.ts'
import { silentLogger } from 'ROOT/src-main/base/logger.ts'
import { createLabManager } from 'ROOT/src-main/lab/create-lab-manager.ts'
import { Doctor } from 'ROOT/src-main/lab/doctor/doctor.ts'
const manager = await createLabManager({ home: process.argv[2], clock: systemClock(), logger: silentLogger })
const doctor = new Doctor(manager, systemClock(), 'test')
const before = (await doctor.run()).checks
const after = (await doctor.mend('start-engine')).checks
console.log(JSON.stringify({ before, after }))
process.exit(0)
`

let folder: string
beforeAll(async () => {
  await mkdir(ROOT, { recursive: true })
  folder = await mkdtemp(join(ROOT, 'start-'))
})
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))

it('given a machine without an engine, when the remedy is chosen, then one is started, and the doctor finds it', async () => {
  const program = await ensureEngineProgram(OWN_ENGINE, () => undefined)
  const [state, run, home] = [join(folder, 'state'), join(folder, 'run'), join(folder, 'home')]
  for (const made of [state, run, home]) await mkdir(made)
  const file = join(folder, 'mend.ts')
  await writeFile(file, PROGRAM.replaceAll('ROOT', join(import.meta.dirname, '../..')))
  const namespaces = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc', '--propagation', 'slave']
  const words = [...namespaces, 'bash', '-c', WITHIN, 'start-engine', state, run, program, process.execPath, file, home]
  const { DOCKER_HOST: _shared, ...environment } = process.env
  const { stdout } = await promisify(execFile)('unshare', words, { env: { ...environment, HOME: folder } })
  const { before, after } = JSON.parse(stdout) as Record<'before' | 'after', DoctorCheck[]>
  const engineOf = (checks: DoctorCheck[]): DoctorCheck | undefined => checks.find(({ id }) => id === 'engine')
  expect(engineOf(before)).toMatchObject({ ok: false, mend: 'start-engine', command: 'npm start' })
  expect(engineOf(after)).toMatchObject({ ok: true, finding: 'engine-answers' })
  expect(await readdir(join(state, 'data'))).toContain('overlay2')
})
