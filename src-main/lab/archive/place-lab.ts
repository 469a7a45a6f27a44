/** A lab that was read from an archive becomes one of this home: its folder, whole or not at all. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { LabError } from '../../common/lab-error.ts'
import type { LabSpec } from '../../common/lab/lab-spec.ts'
import { stringifyLabSpec } from '../../common/lab/lab-spec-validation.ts'
import type { ArchiveDescription } from '../../common/lab/lab-archive.ts'
import { chooseSubnet } from '../network/choose-subnet.ts'
import { withNode, type AddressChoices } from '../store/compute-lab-spec.ts'
import { hasCode } from '../store/error-code.ts'
import type { HomeLayout } from '../store/home.ts'
import { parseArchiveEntry } from './archive-entry.ts'
import type { LabArchive } from './write-lab-archive.ts'

/** The lab with addresses and ports that are free here. */
export async function computeImportedSpec(
  name: string,
  description: ArchiveDescription,
  choices: AddressChoices,
): Promise<LabSpec> {
  const { outsideNetwork, scheduleDaemonSetPods, simulatedNodes } = description
  let spec: LabSpec = {
    apiVersion: 'node-lab/v1',
    kind: 'Lab',
    name,
    subnet: chooseSubnet(choices.usedSubnets),
    outsideNetwork,
    nodes: [],
  }
  for (const { name: node, role } of description.nodes) spec = await withNode(spec, node, choices, role)
  return {
    ...spec,
    ...(scheduleDaemonSetPods !== undefined && { scheduleDaemonSetPods }),
    ...(simulatedNodes !== undefined && { simulatedNodes }),
  }
}

/**
 * Beside the labs first, then by one rename: whoever looks sees all of it or nothing. Only while holding the lab's lock.
 * @throws LabError AlreadyExists when a folder of that name is there
 */
export async function placeLab(layout: HomeLayout, spec: LabSpec, { files }: LabArchive): Promise<void> {
  const draft = layout.importDraft(spec.name)
  await rm(draft, { recursive: true, force: true })
  try {
    await mkdir(draft, { recursive: true })
    for (const { name } of spec.nodes) await makeNodeFolder(draft, name)
    for (const [name, content] of files) await placeFile(draft, name, content)
    await writeFile(path.join(draft, 'lab.yaml'), stringifyLabSpec(spec), { flag: 'wx', flush: true })
    await rename(draft, layout.labFolder(spec.name))
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw labExists(spec.name)
    throw error
  }
}

export function labExists(name: string): LabError {
  return new LabError({
    kind: 'AlreadyExists',
    message: `there is a lab "${name}" already`,
    remedy: 'Give the new one another name.',
  })
}

/** As `LabStore.makeManifestsFolder`: nobody but the user gets as far. */
async function makeNodeFolder(draft: string, node: string): Promise<void> {
  await mkdir(path.join(draft, 'nodes', node), { recursive: true, mode: 0o700 })
  await mkdir(path.join(draft, 'nodes', node, 'manifests'), { recursive: true })
}

async function placeFile(draft: string, name: string, content: Buffer): Promise<void> {
  const entry = parseArchiveEntry(name)
  if (!('kind' in entry) || entry.kind !== 'node-file') return
  await makeNodeFolder(draft, entry.node)
  const file = path.join(draft, 'nodes', entry.node, entry.area, ...entry.path.split('/'))
  await mkdir(path.dirname(file), { recursive: true })
  try {
    await writeFile(file, content, { flag: 'wx', mode: 0o644, flush: true })
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
    // Two names that this computer's file system takes for one.
    throw new LabError(
      { kind: 'BadRequest', message: `the archive is refused: ${name} is there twice` },
      { cause: error },
    )
  }
}
