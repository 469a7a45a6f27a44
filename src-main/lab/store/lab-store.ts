/** The labs of a home on disk: `labs/<lab>/lab.yaml` and the folders beside it. */
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { LabError } from '../../common/lab-error.ts'
import type { LabSpec } from '../../common/lab/lab-spec.ts'
import { parseLabSpec, stringifyLabSpec } from '../../common/lab/lab-spec-validation.ts'
import { SIMULATED_GROUP } from '../../common/lab/simulated-nodes.ts'
import { labNameFault } from '../../common/lab/names.ts'
import { hasCode } from './error-code.ts'
import { readRenameRecord } from '../rename/rename-record.ts'
import type { HomeLayout } from './home.ts'
import { readTextIfThere } from './read-if-there.ts'
import { writeAtomically } from './write-atomically.ts'

export class LabStore {
  readonly layout: HomeLayout

  constructor(layout: HomeLayout) {
    this.layout = layout
  }

  /** Names of all folders that can be a lab's, sorted; whether there is a `lab.yaml` inside is not looked at. */
  async list(): Promise<string[]> {
    try {
      const entries = await readdir(this.layout.labs, { withFileTypes: true })
      return entries
        .filter((entry) => entry.isDirectory() && labNameFault(entry.name) === undefined)
        .map((entry) => entry.name)
        .sort()
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return []
      throw error
    }
  }

  /** `undefined` when there is no `lab.yaml`. @throws LabError BadRequest when it is not as it has to be */
  async read(lab: string): Promise<LabSpec | undefined> {
    const file = this.layout.labFile(lab)
    const text = await readTextIfThere(file)
    if (text === undefined) return undefined
    const spec = parseLabSpec(text, file)
    if (spec.name === lab) return spec
    // The file gets the folder's name when the rename is finished or undone.
    const renaming = await readRenameRecord(this.layout, lab)
    if (renaming !== undefined && [renaming.from, renaming.to].includes(spec.name)) return { ...spec, name: lab }
    throw new LabError({
      kind: 'BadRequest',
      message: `${file}: name is ${JSON.stringify(spec.name)}, but the folder is that of the lab ${JSON.stringify(lab)}`,
      remedy: `Write name: "${lab}", or rename the folder.`,
      details: { field: 'name' },
    })
  }

  /** Replaces `lab.yaml` as a whole; after a power cut there is the old one or the new one, never half of one. */
  async write(spec: LabSpec): Promise<void> {
    const folder = this.layout.labFolder(spec.name)
    await mkdir(folder, { recursive: true })
    await writeAtomically(this.layout.labFile(spec.name), stringifyLabSpec(spec))
  }

  /**
   * The node's root may leave programs there that run as root for whoever starts them on this machine: nobody but the
   * user gets as far.
   */
  async makeManifestsFolder(lab: string, node: string): Promise<void> {
    await mkdir(this.layout.nodeFolder(lab, node), { recursive: true, mode: 0o700 })
    await mkdir(this.layout.manifests(lab, node), { recursive: true })
  }

  /** Whether an import brought files for the node's disk that are not there yet. */
  hasSettings(lab: string, node: string): boolean {
    return existsSync(this.layout.settings(lab, node))
  }

  /** Whether the node's volume was made and filled once. */
  hasVolumeRecord(lab: string, node: string): boolean {
    return existsSync(this.layout.volumeRecord(lab, node))
  }

  /** Once the node's volume is filled: what an import brought for it is there, and a volume that is missing from now on was removed. */
  async recordVolume(lab: string, node: string): Promise<void> {
    await mkdir(this.layout.nodeFolder(lab, node), { recursive: true, mode: 0o700 })
    await writeAtomically(this.layout.volumeRecord(lab, node), '')
    await rm(this.layout.settings(lab, node), { recursive: true, force: true })
  }

  /** Whether the node's containers are missing by intent. */
  hasContainersAway(lab: string, node: string): boolean {
    return existsSync(this.layout.containersAwayRecord(lab, node))
  }

  /** `true`: the node's containers are removed by intent; `false`: it has containers again, and what is missing from now on was removed. */
  async recordContainersAway(lab: string, node: string, areAway: boolean): Promise<void> {
    const file = this.layout.containersAwayRecord(lab, node)
    if (areAway) await writeAtomically(file, '')
    else await rm(file, { force: true })
  }

  /** What may not be removed by this user stays: removing the node's folder deals with that. */
  async emptyManifestsFolder(lab: string, node: string): Promise<void> {
    const folder = this.layout.manifests(lab, node)
    try {
      for (const name of await readdir(folder)) await rm(path.join(folder, name), { recursive: true, force: true })
    } catch (error) {
      if (!hasCode(error, 'ENOENT', 'EACCES', 'EPERM', 'ENOTEMPTY')) throw error
    }
  }

  /** Those nodes of the lab, and groups of nodes, whose manifest folder is there. */
  async listManifestsFolders(spec: LabSpec): Promise<Set<string>> {
    const found = new Set<string>()
    for (const name of [...spec.nodes.map((node) => node.name), SIMULATED_GROUP]) {
      try {
        await readdir(this.layout.manifests(spec.name, name))
        found.add(name)
      } catch (error) {
        if (!hasCode(error, 'ENOENT')) throw error
      }
    }
    return found
  }
}
