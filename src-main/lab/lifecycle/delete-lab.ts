/** Removes all that a lab has in the engine and on disk, and nothing else; from any half-way state. */
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { labStep } from '../../common/lab/lab-texts.ts'
import { LAB_LABEL } from '../../common/engine-labels.ts'
import { LabError } from '../../common/lab-error.ts'
import { nodeContainerName } from '../../common/node-layout.ts'
import type { Engine } from '../engine/engine.ts'
import { findToolImage } from '../engine/find-tool-image.ts'
import type { LabContext } from '../lab-context.ts'
import type { OnProgress } from '../lab-manager.ts'
import { objectLabels } from '../reconcile/container-specs.ts'
import { observeLab, refuseOtherHomes, type ObservedLab } from '../reconcile/observe-lab.ts'
import { hasCode } from '../store/error-code.ts'
import { removeContainers } from './take-down.ts'

/** Removing the last container of a volume or network may take the engine a moment to notice. */
const ROUNDS = 3

/** Only while holding the lab's lock. @throws Conflict when the lab of that name is another home's */
export async function deleteLab(
  context: LabContext,
  engine: Engine,
  lab: string,
  onProgress: OnProgress,
): Promise<void> {
  await removeLabObjects(context, engine, lab, onProgress)
  onProgress(labStep('folder-remove'))
  const folder = context.store.layout.labFolder(lab)
  // Before lab.yaml goes: manifests without a lab would run on the nodes of a later one of its name.
  await removeFolder(context, engine, lab, path.join(folder, 'nodes'))
  await removeFolder(context, engine, lab, folder)
}

/** All that the engine has of the lab. @throws Conflict when the lab of that name is another home's, or when something comes back */
export async function removeLabObjects(
  context: LabContext,
  engine: Engine,
  lab: string,
  onProgress: OnProgress,
): Promise<void> {
  const { home } = context.store.layout
  for (let round = 1; ; round++) {
    const observed = await observeLab(engine, lab, home)
    refuseOtherHomes(lab, observed)
    if (isEmpty(observed)) return
    if (round > ROUNDS) throw leftOver(lab, observed)
    onProgress(labStep('containers-remove', { count: observed.containers.length }))
    await removeObjects(context, engine, lab, observed, home)
  }
}

async function removeObjects(
  context: LabContext,
  engine: Engine,
  lab: string,
  observed: ObservedLab,
  home: string,
): Promise<void> {
  const machines = observed.containers.filter(({ role }) => role !== 'container' && role !== 'sandbox')
  for (const { node } of machines) context.channels.close(lab, node)
  await removeContainers(engine, machines)
  // Pods are listed after their makers have gone, so that none is missed.
  await removeContainers(engine, (await observeLab(engine, lab, home)).containers)
  for (const { name } of observed.volumes) await engine.removeVolume(name)
  for (const { id } of observed.networks) await engine.removeNetwork(id)
}

function isEmpty({ containers, networks, volumes }: ObservedLab): boolean {
  return containers.length + networks.length + volumes.length === 0
}

function leftOver(lab: string, observed: ObservedLab): LabError {
  const names = [...observed.containers, ...observed.volumes, ...observed.networks].map(({ name }) => name)
  return new LabError({
    kind: 'Conflict',
    message: `the lab "${lab}" could not be removed completely: ${names.join(', ')} came back`,
    remedy: `Something else makes objects with the label ${LAB_LABEL}=${lab}; end it and delete the lab again.`,
  })
}

/** Removes one of our folders. What containers wrote as root is removed by a container where we may not. */
export async function removeFolder(context: LabContext, engine: Engine, lab: string, folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true })
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'EPERM', 'ENOTEMPTY')) throw error
    await emptyFolder(context, engine, lab, folder)
    await rm(folder, { recursive: true, force: true })
  }
}

async function emptyFolder(context: LabContext, engine: Engine, lab: string, folder: string): Promise<void> {
  const name = `${nodeContainerName(lab, 'lab')}.rm`
  const labels = objectLabels(context.store.layout.home, lab, 'helper')
  await engine.removeContainer(name)
  try {
    await engine.createContainer({
      name,
      image: await requireToolImage(engine),
      entrypoint: ['/bin/sh', '-c', 'find /folder -mindepth 1 -delete'],
      command: [],
      labels,
      mounts: [{ type: 'bind', source: folder, target: '/folder' }],
      network: { mode: 'none' },
      restartPolicy: 'no',
    })
    await engine.startContainer(name)
    const exitCode = await engine.waitContainer(name)
    if (exitCode === 0) return
    const words = (await engine.containerLogs(name, { tailLines: 3 })).trim()
    throw new LabError({ kind: 'Forbidden', message: `${folder} cannot be emptied: ${words}` })
  } finally {
    await engine.removeContainer(name)
  }
}

/** @throws Unavailable */
async function requireToolImage(engine: Engine): Promise<string> {
  const image = await findToolImage(engine)
  if (image !== undefined) return image
  throw new LabError({
    kind: 'Unavailable',
    message: 'the folder holds files of root, and there is no image to remove them with',
    remedy: 'Remove the folder with sudo rm -r.',
  })
}
