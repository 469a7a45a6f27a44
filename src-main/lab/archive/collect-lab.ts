/** What of a lab goes into its archive, read while nobody changes it. */
import { opendir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { isLabError } from '../../common/lab-error.ts'
import type { LabSpec, NodeSpec } from '../../common/lab/lab-spec.ts'
import type { LeftOutFile, LeftOutReason } from '../../common/lab/lab-archive.ts'
import { manifestNameFault } from '../../common/lab/names.ts'
import { SIMULATED_GROUP } from '../../common/lab/simulated-nodes.ts'
import { MANIFESTS_PATH } from '../../common/node-channel.ts'
import { KUBELET_CONFIGURATION } from '../../common/node-layout.ts'
import { leaveConfiguration } from '../control-plane/node-files.ts'
import type { Engine } from '../engine/engine.ts'
import { ManifestFolder } from '../manifests/manifest-folder.ts'
import { observeLab } from '../reconcile/observe-lab.ts'
import { findControlPlane } from '../store/compute-lab-spec.ts'
import { hasCode } from '../store/error-code.ts'
import type { HomeLayout } from '../store/home.ts'
import { formatNodeEntry, nodeSettingFault } from './archive-entry.ts'
import { computeNamedPaths, FIXED_SETTING_PATHS, settingJudge, withoutHeaders } from './compute-setting-paths.ts'
import { computeNeededImages } from './needed-images.ts'
import { readVolumeFiles, type VolumeFiles } from './read-volume-files.ts'
import { holdsSecret } from './secret-files.ts'
import type { LabArchive } from './write-lab-archive.ts'

export interface CollectedLab {
  archive: LabArchive
  manifests: number
  settings: number
  leftOut: LeftOutFile[]
}

export interface CollectOptions {
  /** For a lab of the same owner on the same computer: files that hold a key or a token come along. Default: they are left out. */
  keepSecrets?: boolean
}

interface Collection {
  keepSecrets: boolean
  files: Map<string, Buffer>
  leftOut: LeftOutFile[]
}

/** Only while holding the lab's lock. @throws LabError when a manifest folder or the nodes' disks cannot be read */
export async function collectLab(
  engine: Engine,
  layout: HomeLayout,
  spec: LabSpec,
  { keepSecrets = false }: CollectOptions = {},
): Promise<CollectedLab> {
  const collection: Collection = { keepSecrets, files: new Map(), leftOut: [] }
  const groups = spec.simulatedNodes === undefined ? [] : [SIMULATED_GROUP]
  for (const node of [...spec.nodes.map(({ name }) => name), ...groups]) {
    await collectFolder(collection, node, 'manifests', layout.manifests(spec.name, node))
    await collectFolder(collection, node, 'stopped', layout.manifestsAside(spec.name, node))
  }
  const manifests = collection.files.size
  await collectSettings(collection, engine, layout, spec)
  return {
    archive: { description: describe(spec, collection.files), files: collection.files },
    manifests,
    settings: collection.files.size - manifests,
    leftOut: collection.leftOut,
  }
}

function describe(spec: LabSpec, files: ReadonlyMap<string, Buffer>): LabArchive['description'] {
  const { name, outsideNetwork, scheduleDaemonSetPods, simulatedNodes } = spec
  return {
    name,
    outsideNetwork,
    ...(scheduleDaemonSetPods !== undefined && { scheduleDaemonSetPods }),
    ...(simulatedNodes !== undefined && { simulatedNodes }),
    nodes: spec.nodes.map(({ name: node, role }) => ({ name: node, role })),
    images: computeNeededImages(files.values()),
  }
}

async function collectFolder(
  { keepSecrets, files, leftOut }: Collection,
  node: string,
  area: 'manifests' | 'stopped',
  folder: string,
): Promise<void> {
  const manifests = new ManifestFolder(folder)
  const leave = (name: string, why: LeftOutReason): void => {
    leftOut.push({ node, path: area === 'manifests' ? `${MANIFESTS_PATH}/${name}` : path.join(folder, name), why })
  }
  for (const { name, stats } of await manifests.list()) {
    // Files that no kubelet reads are nobody's manifests, such as an editor's drafts.
    if (name.startsWith('.')) continue
    if (!stats.isFile() || manifestNameFault(name) !== undefined) {
      leave(name, 'not-a-file')
      continue
    }
    const content = await readManifest(manifests, name)
    if (content === undefined) leave(name, 'too-large')
    else if (!keepSecrets && holdsSecret(content)) leave(name, 'secret')
    else files.set(formatNodeEntry(node, area, name), content)
  }
}

/** `undefined`: too large for a kubelet. */
async function readManifest(folder: ManifestFolder, name: string): Promise<Buffer | undefined> {
  try {
    return await folder.read(name)
  } catch (error) {
    if (isLabError(error) && error.kind === 'BadRequest') return undefined
    throw error
  }
}

/** A node that was never started has its settings where an import has laid them, if any. */
async function collectSettings(
  collection: Collection,
  engine: Engine,
  layout: HomeLayout,
  spec: LabSpec,
): Promise<void> {
  const volumes = new Set((await observeLab(engine, spec.name, layout.home)).volumes.map(({ node }) => node))
  const pending = await Promise.all(
    spec.nodes.map(async ({ name }) => [name, await readPendingSettings(layout.settings(spec.name, name))] as const),
  )
  const laid = new Map(pending.filter(([, files]) => files.size > 0))
  const onDisk = spec.nodes.filter(({ name }) => volumes.has(name) && !laid.has(name))
  const read = await readSettings(engine, { home: layout.home, lab: spec.name, nodes: onDisk })
  for (const node of spec.nodes) {
    const found = read.get(node.name) ?? { files: laid.get(node.name) ?? new Map<string, Buffer>(), passedOver: [] }
    addSettings(collection, node.name, found, findControlPlane(spec) !== undefined)
  }
}

async function readSettings(
  engine: Engine,
  { home, lab, nodes }: { home: string; lab: string; nodes: readonly NodeSpec[] },
): Promise<Map<string, VolumeFiles>> {
  const first = new Map(nodes.map(({ name }) => [name, FIXED_SETTING_PATHS]))
  const fixed = await readVolumeFiles(engine, { home, lab, wanted: first })
  const named = new Map([...fixed].map(([node, { files }]) => [node, computeNamedPaths(files)]))
  const wanted = new Map([...named].filter(([, paths]) => paths.length > 0))
  for (const [node, { files, passedOver }] of await readVolumeFiles(engine, { home, lab, wanted })) {
    const own = fixed.get(node)
    for (const [place, content] of files) own?.files.set(place, content)
    own?.passedOver.push(...passedOver)
  }
  return fixed
}

function addSettings(
  { keepSecrets, files, leftOut }: Collection,
  node: string,
  found: VolumeFiles,
  isMember: boolean,
): void {
  for (const { path: place, why } of found.passedOver) leftOut.push({ node, path: place, why })
  // What names a file may hold a secret; without it an import would refuse the file.
  const kept = new Map([...found.files].filter(([, content]) => keepSecrets || !holdsSecret(content)))
  const isSetting = settingJudge(kept)
  for (const [place, content] of found.files) {
    if (nodeSettingFault(place) !== undefined) continue
    const carried = place === KUBELET_CONFIGURATION ? carryConfiguration(content, { isMember, keepSecrets }) : content
    if (!keepSecrets && (holdsSecret(carried) || !isSetting(place))) leftOut.push({ node, path: place, why: 'secret' })
    else files.set(formatNodeEntry(node, 'settings', place.slice(1)), carried)
  }
}

/** As of a kubelet that stands alone: what a cluster adds to it, the new lab adds. One that cannot be read stays as it is. */
function carryConfiguration(
  content: Buffer,
  { isMember, keepSecrets }: { isMember: boolean; keepSecrets: boolean },
): Buffer {
  const text = content.toString('utf8')
  try {
    const carried = isMember ? leaveConfiguration(text) : text
    return Buffer.from(keepSecrets ? carried : withoutHeaders(carried))
  } catch (error) {
    if (isLabError(error) && error.kind === 'Conflict') return content
    throw error
  }
}

/** Files under the folder, by their path on the node. */
async function readPendingSettings(folder: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  try {
    for await (const entry of await opendir(folder, { recursive: true })) {
      const file = path.join(entry.parentPath, entry.name)
      if (entry.isFile()) files.set(`/${path.relative(folder, file).split(path.sep).join('/')}`, await readFile(file))
    }
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
  }
  return files
}
