/**
 * The isolation of nodes rests on volume sub-paths, and an engine may claim an API that has them and ignore them all the
 * same (Podman did until 2026). So the first lab on an engine is preceded by a trial (design §4).
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LabError } from '../../common/lab-error.ts'
import type { Engine } from './engine.ts'
import { unsuitableEngine } from './engine-errors.ts'
import { probeSubpath } from './probes.ts'

/** Engines that are remembered; whoever has more of them waits a second more often. */
const REMEMBERED = 20

export interface SubpathTrial {
  /** Reference of an image of ours with a shell. */
  image: string
  /** Keeps which engines have passed: the same version at the same address is not tried again. */
  file: string
}

/** @throws NoEngine when the engine mounts more of a volume than it was asked for */
export async function requireSubpaths(engine: Engine, trial: SubpathTrial): Promise<void> {
  const { state, version = '', apiVersion = '', message } = await engine.status()
  if (state !== 'ready')
    throw new LabError({ kind: 'NoEngine', message: message ?? `the engine at ${engine.endpoint} does not answer` })
  const name = `${engine.endpoint} ${version} ${apiVersion}`
  const passed = await readPassed(trial.file)
  if (passed.includes(name)) return
  const probe = await probeSubpath(engine, { image: trial.image })
  if (!probe.ok)
    throw unsuitableEngine(engine.endpoint, { message: probe.message, remedy: probe.remedy ?? 'Use another engine.' })
  await mkdir(dirname(trial.file), { recursive: true })
  const draft = `${trial.file}.${process.pid}`
  await writeFile(draft, `${JSON.stringify([...passed, name].slice(-REMEMBERED))}\n`)
  await rename(draft, trial.file)
}

/** A file that is missing or damaged only means that the trial is made again. */
async function readPassed(file: string): Promise<string[]> {
  try {
    const passed: unknown = JSON.parse(await readFile(file, 'utf8'))
    return Array.isArray(passed) ? passed.filter((name) => typeof name === 'string') : []
  } catch {
    return []
  }
}
