/** What the kubelet's own code wrote into its journal on a fake clock, with the simulated runtime. */
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import crashAndRemoval from './recorded/crash-and-removal.json'
import edit from './recorded/edit.json'
import missingImage from './recorded/missing-image.json'
import nodePowerCut from './recorded/node-power-cut.json'

const RECORDED = { crashAndRemoval, edit, missingImage, nodePowerCut } as const

/** `crashAndRemoval`: a container ends with 1 after 3 s each time, its file goes at 30.5 s. `edit`: at 20.5 s. */
export function recordedEntries(name: keyof typeof RECORDED): readonly TimelineEntry[] {
  return RECORDED[name] as unknown as readonly TimelineEntry[]
}
