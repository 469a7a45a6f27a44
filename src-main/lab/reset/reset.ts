/** Back to the beginning: what a reset removes and what it keeps, said before it is done. */
import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { systemClock } from '../../base/clock.ts'
import { IMAGE_INPUTS_LABEL, LAB_LABEL } from '../../common/engine-labels.ts'
import { isLabError } from '../../common/lab-error.ts'
import { listLabsOf, type ResetOptions, type ResetOutcome, type ResetPlan } from '../../common/doctor/reset-plan.ts'
import { findLostLabs } from '../doctor/lost-labs.ts'
import { connectEngine } from '../engine/connect-engine.ts'
import type { Engine } from '../engine/engine.ts'
import { cacheFolder, IMAGES_LOCK } from '../images/cache-folder.ts'
import type { LabManager, OnProgress } from '../lab-manager.ts'
import { withFileLock, type LockOptions } from '../store/file-lock.ts'
import { HomeLayout } from '../store/home.ts'

export type ResetManager = Pick<LabManager, 'home' | 'listLabs' | 'delete'>
/** Replaced in tests. */
export type Connect = () => Promise<Engine>

export async function planReset(manager: ResetManager, connect: Connect = connectEngine): Promise<ResetPlan> {
  const labs = await manager.listLabs()
  const engine = await connectIfThere(connect)
  try {
    const lost = engine === undefined ? [] : await findLostLabs(engine, manager.home)
    const counts = await Promise.all([...labs.map(({ name }) => name), ...lost].map((name) => countParts(engine, name)))
    return {
      home: manager.home,
      labs: labs.map(({ name, nodes }, index) => ({ name, nodes: nodes.length, ...(counts[index] ?? NO_PARTS) })),
      lostLabs: lost,
      settingsFiles: await listSettingsFiles(manager.home),
      images: engine === undefined ? [] : await listImages(engine),
      cacheFolder: await cacheFolder(),
      ...(engine !== undefined && { engine: engine.endpoint }),
    }
  } finally {
    await engine?.dispose()
  }
}

/**
 * Labs first, one by one, then what was asked for besides. Each step can be cut short and done again: what is left over then is
 * what the next reset finds.
 */
export async function runReset(
  manager: ResetManager,
  options: ResetOptions,
  onProgress: OnProgress = () => undefined,
  connect: Connect = connectEngine,
): Promise<ResetOutcome> {
  const plan = await planReset(manager, connect)
  const names = listLabsOf(plan).filter((name) => options.labs.includes(name))
  for (const [index, name] of names.entries()) {
    onProgress({ message: `removing the lab ${name}`, progress: index / names.length })
    await manager.delete(name)
  }
  const keptImages = options.images ? await removeImagesAndCache(connect, plan, onProgress) : []
  if (options.settings) for (const file of plan.settingsFiles) await rm(file, { force: true })
  return { labs: names, keptImages }
}

const NO_PARTS = { containers: 0, volumes: 0 }

async function countParts(engine: Engine | undefined, lab: string): Promise<typeof NO_PARTS> {
  if (engine === undefined) return NO_PARTS
  const labels = { [LAB_LABEL]: lab }
  const [containers, volumes] = await Promise.all([engine.listContainers(labels), engine.listVolumes(labels)])
  return { containers: containers.length, volumes: volumes.length }
}

async function connectIfThere(connect: Connect): Promise<Engine | undefined> {
  try {
    return await connect()
  } catch (error) {
    if (isLabError(error) && error.kind === 'NoEngine') return undefined
    throw error
  }
}

/** Also those that were broken and set aside. */
async function listSettingsFiles(home: string): Promise<string[]> {
  const settings = path.basename(new HomeLayout(home).settingsFile)
  const names = await readdir(home)
  return names
    .filter((name) => name === settings || name.startsWith(`${settings}.broken-`))
    .map((name) => path.join(home, name))
}

async function listImages(engine: Engine): Promise<ResetPlan['images']> {
  const images = await engine.listImages({ [IMAGE_INPUTS_LABEL]: true })
  return images.flatMap(({ tags, sizeBytes }) => tags.map((name) => ({ name, sizeBytes })))
}

/** Not while another process makes images of what is in the cache. Answers which images stayed. */
function removeImagesAndCache(connect: Connect, plan: ResetPlan, onProgress: OnProgress): Promise<string[]> {
  const { cacheFolder: folder } = plan
  const lock: LockOptions = {
    clock: systemClock(),
    file: path.join(folder, IMAGES_LOCK),
    onWait: (owner) => onProgress({ message: `waiting for process ${owner}, which is making images` }),
  }
  return withFileLock(lock, async () => {
    const kept = await removeImages(connect, plan)
    onProgress({ message: `emptying ${folder}` })
    await emptyFolder(folder)
    return kept
  })
}

/** One that another home's lab uses stays; answers which did. */
async function removeImages(connect: Connect, { images }: ResetPlan): Promise<string[]> {
  const engine = await connect()
  const kept: string[] = []
  try {
    for (const { name } of images) {
      await engine.removeImage(name).catch((error: unknown) => {
        if (!isLabError(error) || error.kind !== 'Conflict') throw error
        kept.push(name)
      })
    }
  } finally {
    await engine.dispose()
  }
  return kept
}

/** The folder itself stays, with the lock that other processes wait at. */
async function emptyFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (name !== IMAGES_LOCK) await rm(path.join(folder, name), { recursive: true, force: true })
}
