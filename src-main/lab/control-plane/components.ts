/**
 * A component of the control plane is stopped and started as on a kubeadm node: its manifest leaves the folder, or comes
 * back (facts 4.3). It is put aside beside the folder, on this machine, where no node sees it.
 */
import { mkdir, rename } from 'node:fs/promises'
import path from 'node:path'
import {
  componentFault,
  CONTROL_PLANE_COMPONENTS,
  type ComponentStatus,
  type ControlPlaneComponent,
} from '../../common/lab/control-plane-components.ts'
import { isLabError, LabError } from '../../common/lab-error.ts'
import { requireLab, type LabContext } from '../lab-context.ts'
import { withLabLock } from '../lifecycle/lab-lock.ts'
import { ManifestFolder } from '../manifests/manifest-folder.ts'
import { findControlPlane } from '../store/compute-lab-spec.ts'
import { writeAtomically } from '../store/write-atomically.ts'

type Context = Pick<LabContext, 'store' | 'clock'>

interface Folders {
  node: string
  manifests: ManifestFolder
  aside: ManifestFolder
}

/** @throws NotFound, Conflict for a lab without a control plane */
export async function listComponents(context: Context, lab: string): Promise<ComponentStatus[]> {
  const { manifests, aside } = await findFolders(context, lab)
  const placedNames = await namesIn(manifests)
  const asideNames = await namesIn(aside)
  return CONTROL_PLANE_COMPONENTS.map((component) => {
    const file = fileOf(component)
    if (placedNames.has(file)) return { component, file, state: 'placed', path: path.join(manifests.folder, file) }
    if (asideNames.has(file)) return { component, file, state: 'aside', path: path.join(aside.folder, file) }
    return { component, file, state: 'missing', path: path.join(manifests.folder, file) }
  })
}

/** The copy first: whatever comes between, the manifest is in one of the two places. @throws NotFound, BadRequest, Conflict */
export function stopComponent(context: Context, lab: string, component: string): Promise<void> {
  const file = fileOf(requireComponent(component))
  return withFolders(context, lab, async ({ manifests, aside, node }) => {
    const text = await readIfThere(manifests, file)
    if (text === undefined)
      throw new LabError({
        kind: 'Conflict',
        message: `${component} is stopped already: ${file} is not in the manifest folder of ${node}`,
        remedy: `Start it with: node-lab component start ${component} --lab ${lab}`,
      })
    await mkdir(aside.folder, { recursive: true, mode: 0o700 })
    await putAside(context, path.join(aside.folder, file), text, await readIfThere(aside, file))
    await manifests.remove(file)
  })
}

/** One that is aside already may be the good one, and the present one an attempt: neither is written over. */
async function putAside({ clock }: Context, file: string, text: string, present: string | undefined): Promise<void> {
  if (present !== undefined && present !== text) await rename(file, `${file}.before-${clock.now()}`)
  await writeAtomically(file, text)
}

/**
 * A manifest that somebody has put into the folder meanwhile stays, and the one aside is kept unless it is the same.
 * @throws as above; Conflict, Forbidden also for what has the manifest's name and is none, such as a folder
 */
export function startComponent(context: Context, lab: string, component: string): Promise<void> {
  const file = fileOf(requireComponent(component))
  return withFolders(context, lab, async ({ manifests, aside, node }) => {
    const isPlaced = (await namesIn(manifests)).has(file)
    const placed = isPlaced ? await readPlaced(manifests, file, { lab, component }) : undefined
    const text = await readIfThere(aside, file)
    if (text === undefined && !isPlaced)
      throw new LabError({
        kind: 'Conflict',
        message: `there is no ${file} to put back: it is neither in the manifest folder of ${node} nor in ${aside.folder}`,
        remedy: `A new control plane writes it: node-lab node remove ${node}, then node-lab up --control-plane --lab ${lab}`,
      })
    if (text === undefined) return
    if (!isPlaced) await manifests.write(file, text, false)
    if (!isPlaced || placed === text) await aside.remove(file)
  })
}

/** @throws Conflict for an empty file or what is no file, Forbidden for a link: none of them starts anything */
async function readPlaced(
  manifests: ManifestFolder,
  file: string,
  { lab, component }: { lab: string; component: string },
): Promise<string> {
  const remedy = `Remove it, then: node-lab component start ${component} --lab ${lab}`
  const place = path.join(manifests.folder, file)
  const stats = (await manifests.list()).find(({ name }) => name === file)?.stats
  if (stats?.isDirectory() === true)
    throw new LabError({ kind: 'Conflict', message: `${place} is a folder, where the manifest has to be`, remedy })
  const text = (await manifests.read(file)).toString('utf8')
  if (text.trim() === '') throw new LabError({ kind: 'Conflict', message: `${place} is empty`, remedy })
  return text
}

async function withFolders(context: Context, lab: string, work: (folders: Folders) => Promise<void>): Promise<void> {
  await requireLab(context, lab)
  await withLabLock(context, lab, {}, async () => work(await findFolders(context, lab)))
}

async function findFolders({ store }: Context, lab: string): Promise<Folders> {
  const controlPlane = findControlPlane(await requireLab({ store }, lab))
  if (controlPlane === undefined)
    throw new LabError({
      kind: 'Conflict',
      message: `the lab "${lab}" has no control plane`,
      remedy: `Add one with: node-lab up --control-plane --lab ${lab}`,
    })
  const { name: node } = controlPlane
  return {
    node,
    manifests: new ManifestFolder(store.layout.manifests(lab, node)),
    aside: new ManifestFolder(store.layout.manifestsAside(lab, node)),
  }
}

function requireComponent(name: string): ControlPlaneComponent {
  const component = CONTROL_PLANE_COMPONENTS.find((known) => known === name)
  if (component !== undefined) return component
  throw new LabError({ kind: 'BadRequest', message: componentFault(name) ?? name })
}

function fileOf(component: ControlPlaneComponent): string {
  return `${component}.yaml`
}

async function namesIn(folder: ManifestFolder): Promise<ReadonlySet<string>> {
  return new Set((await folder.list()).map(({ name }) => name))
}

async function readIfThere(folder: ManifestFolder, file: string): Promise<string | undefined> {
  try {
    return (await folder.read(file)).toString('utf8')
  } catch (error) {
    if (isLabError(error) && error.kind === 'NotFound') return undefined
    throw error
  }
}
