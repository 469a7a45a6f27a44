/** What was removed behind a lab's back, seen before it is made anew. Pure. */
import type { LabSpec } from '../../common/lab/lab-spec.ts'
import type { RepairNote } from '../../common/lab/repair-note.ts'
import { findControlPlane } from '../store/compute-lab-spec.ts'
import type { ObservedLab } from './observe-lab.ts'

export interface RepairSituation {
  spec: LabSpec
  observed: ObservedLab
  /** Nodes whose manifest folder is there. */
  folders: ReadonlySet<string>
  /** Nodes whose volume was made and filled once. What has never been there is not missing. */
  made: ReadonlySet<string>
  /** Nodes whose containers a rename has removed; the network of a lab goes with the last of them. */
  containersAway: ReadonlySet<string>
  hasAuthorities: boolean
  /** The others are not looked at: nothing of them is made now. */
  isWanted(node: string): boolean
}

/** Of a manifest folder it is not known yet how many versions were kept of what was in it. */
export function computeRepairs({
  spec,
  observed,
  folders,
  made,
  containersAway,
  hasAuthorities,
  isWanted,
}: RepairSituation): RepairNote[] {
  const names = spec.nodes.map(({ name }) => name).filter(isWanted)
  const notes: RepairNote[] = []
  if (observed.networks.length === 0 && names.some((name) => made.has(name) && !containersAway.has(name)))
    notes.push({ kind: 'network' })
  for (const node of names) {
    const hasVolume = observed.volumes.some((volume) => volume.node === node)
    const roles = observed.containers.filter((container) => container.node === node).map(({ role }) => role)
    if (made.has(node) && !hasVolume) notes.push({ kind: 'volume', node })
    else if (made.has(node) && !containersAway.has(node) && !(roles.includes('node') && roles.includes('runtime')))
      notes.push({ kind: 'containers', node })
    if (!folders.has(node) && (hasVolume || made.has(node))) notes.push({ kind: 'manifests', node, versions: 0 })
  }
  const controlPlane = findControlPlane(spec)
  if (controlPlane !== undefined && !hasAuthorities && made.has(controlPlane.name)) notes.push({ kind: 'authorities' })
  return notes
}
