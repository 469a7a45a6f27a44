/**
 * Gives a lab another name. The engine cannot rename volumes, nor change a label: the nodes' disks are copied to volumes of the new
 * name, and the containers, which hold nothing but what the disks and manifests say, are made anew by the next start. The rename of
 * the lab's folder decides: whatever is killed before it is undone, whatever is killed after it is finished.
 */
import { labStep } from '../../common/lab/lab-texts.ts'
import { rename, rm } from 'node:fs/promises'
import { LabError } from '../../common/lab-error.ts'
import { nodeVolumeName } from '../../common/node-layout.ts'
import type { Engine } from '../engine/engine.ts'
import { findToolImage } from '../engine/find-tool-image.ts'
import { runHelper } from '../engine/run-helper.ts'
import { requireLab, type LabContext } from '../lab-context.ts'
import type { OnProgress } from '../lab-manager.ts'
import { labExists } from '../archive/place-lab.ts'
import { removeLabObjects } from '../lifecycle/delete-lab.ts'
import { objectLabels } from '../reconcile/container-specs.ts'
import { observeLab, refuseOtherHomes, type ObservedLab } from '../reconcile/observe-lab.ts'
import { syncFolder } from '../store/write-atomically.ts'
import { removeRenameRecord, writeRenameRecord, type RenameRecord } from './rename-record.ts'

/**
 * Only while holding the locks of both names. @throws LabError NotFound, AlreadyExists, Conflict while anything of it runs or when the
 * engine has something of the new name; then everything is as it was
 */
export async function renameLab(
  context: LabContext,
  engine: Engine,
  record: RenameRecord,
  onProgress: OnProgress,
): Promise<void> {
  const { store } = context
  const { from, to } = record
  await requireLab(context, from)
  const observed = await observeLab(engine, from, store.layout.home)
  refuseOtherHomes(from, observed)
  refuseRunning(from, observed)
  if ((await store.list()).includes(to)) throw labExists(to)
  await refuseLeavings(engine, store.layout.home, to)
  await writeRenameRecord(store.layout, record)
  try {
    for (const { node, name } of observed.volumes) {
      onProgress(labStep('of-node', { node, text: { text: 'disk-copy' } }))
      await copyVolume(engine, store.layout.home, { volume: name, node, to })
    }
    await rename(store.layout.labFolder(from), store.layout.labFolder(to))
  } catch (error) {
    await undoRename(context, engine, record)
    throw error
  }
  // The old disks are removed next: a power cut after that must not bring the old folder back.
  await syncFolder(store.layout.labs)
  await finishRename(context, engine, record)
}

/** What is done after the folder has its new name; from any half-way state. */
export async function finishRename(context: LabContext, engine: Engine, { from, to }: RenameRecord): Promise<void> {
  const { store } = context
  const spec = await store.read(to)
  if (spec !== undefined) await store.write(spec)
  // Its containers are missing by intent: the next start does not take them for lost.
  for (const { name } of spec?.nodes ?? [])
    if (store.hasVolumeRecord(to, name)) await store.recordContainersAway(to, name, true)
  await removeLabObjects(context, engine, from, () => undefined)
  // It names the lab; the next start writes it again.
  await rm(store.layout.kubeconfig(to), { force: true })
  await removeRenameRecord(store.layout, to)
}

/**
 * The lab keeps its old name, and nothing is left of the new one; from any half-way state. @throws LabError Conflict when a copy is
 * the only disk that a node still has
 */
export async function undoRename(context: LabContext, engine: Engine, { from, to }: RenameRecord): Promise<void> {
  const { store } = context
  // Somebody has made a lab of that name by hand: what bears it is that lab's.
  if (!(await store.list()).includes(to)) {
    await refuseOnlyCopies(context, engine, { from, to })
    await removeLabObjects(context, engine, to, () => undefined)
  }
  const spec = await store.read(from)
  if (spec !== undefined) await store.write(spec)
  await removeRenameRecord(store.layout, from)
}

/** After a power cut the folder may have its old name again although the old disks were removed, or somebody has removed them. */
async function refuseOnlyCopies({ store }: LabContext, engine: Engine, { from, to }: RenameRecord): Promise<void> {
  const { home } = store.layout
  const kept = new Set((await observeLab(engine, from, home)).volumes.map(({ node }) => node))
  const copies = (await observeLab(engine, to, home)).volumes.filter(({ node }) => !kept.has(node))
  if (copies.length === 0) return
  const names = copies.map(({ name }) => name).join(' ')
  throw new LabError({
    kind: 'Conflict',
    message: `renaming the lab "${from}" to "${to}" was cut short, and the disks under the old name are gone; these copies are all that is left: ${names}`,
    remedy: `To keep them, finish the rename: mv '${store.layout.labFolder(from)}' '${store.layout.labFolder(to)}' && node-lab up --lab ${to}. To give them up: docker volume rm ${names}`,
  })
}

function refuseRunning(lab: string, { containers }: ObservedLab): void {
  const running = containers.filter(({ state }) => !['created', 'exited', 'dead'].includes(state))
  if (running.length === 0) return
  throw new LabError({
    kind: 'Conflict',
    message: `the lab "${lab}" is running (${running[0]?.name ?? ''}): its nodes' disks are copied for a new name, and nobody may write to them then`,
    remedy: `Stop it first: node-lab down --lab ${lab}`,
    details: { reason: 'LabRunning' },
  })
}

async function refuseLeavings(engine: Engine, home: string, lab: string): Promise<void> {
  const found = await observeLab(engine, lab, home)
  refuseOtherHomes(lab, found)
  const [first] = [...found.containers, ...found.volumes, ...found.networks]
  if (first === undefined) return
  throw new LabError({
    kind: 'Conflict',
    message: `the engine still has something of an earlier lab "${lab}": ${first.name}`,
    remedy: `Remove it first: node-lab delete --lab ${lab}`,
  })
}

async function copyVolume(
  engine: Engine,
  home: string,
  { volume, node, to }: { volume: string; node: string; to: string },
): Promise<void> {
  const image = await findToolImage(engine)
  if (image === undefined)
    throw new LabError({
      kind: 'Unavailable',
      message: 'there is no image of Node Lab with which the nodes’ disks could be copied',
      remedy: 'Start any lab once, which brings the images; then rename this one.',
    })
  const copy = nodeVolumeName(to, node)
  await engine.createVolume(copy, objectLabels(home, to, 'volume', node))
  const { exitCode, output } = await runHelper(engine, {
    image,
    command: ['/bin/sh', '-c', 'cp -a /from/. /to/ && sync'],
    labels: objectLabels(home, to, 'helper', node),
    mounts: [
      { type: 'volume', volume, target: '/from', readOnly: true },
      { type: 'volume', volume: copy, target: '/to' },
    ],
  })
  if (exitCode === 0) return
  throw new LabError({
    kind: 'Unavailable',
    message: `the disk of ${node} could not be copied: ${output.trim().split('\n').at(-1) ?? `exit code ${exitCode}`}`,
    remedy: 'See whether the engine has disk space left; the lab is as it was.',
  })
}
