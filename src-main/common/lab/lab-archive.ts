/** A lab as one file, for other computers and other people: what it holds, and how large it may be. */
import type { LabStatus } from './lab-status.ts'
import type { NodeRole } from './lab-spec.ts'

/** How such a file's name ends. */
export const ARCHIVE_EXTENSION = '.lab.tar.gz'
/** Of the file as it is; in base64 it fits a frame of the browser bridge. */
export const MAX_ARCHIVE_BYTES = 8 * 1024 * 1024
/** Of all that is in it. */
export const MAX_UNPACKED_BYTES = 64 * 1024 * 1024
export const MAX_ARCHIVE_ENTRIES = 5000

/** Of the lab itself: no addresses and ports, which each computer chooses for itself, no policy and no secrets. */
export interface ArchiveDescription {
  name: string
  outsideNetwork: boolean
  scheduleDaemonSetPods?: boolean
  simulatedNodes?: string[]
  nodes: { name: string; role: NodeRole }[]
  /** Names as the manifests have them. The images themselves are not in the file. */
  images: string[]
}

/** A file that is on a node and not in the archive. */
export interface LeftOutFile {
  node: string
  /** Path on the node. */
  path: string
  why: LeftOutReason
}

export type LeftOutReason = 'secret' | 'too-large' | 'not-a-file'

/** What an export has become; where it lies, the shells say. */
export interface ExportSummary {
  /** A name for the file. */
  name: string
  /** Number of manifests and of files of node settings. */
  manifests: number
  settings: number
  images: string[]
  leftOut: LeftOutFile[]
}

export interface ImportedLab {
  status: LabStatus
  /** Manifests in the folders of its nodes: what runs once it is started. */
  manifests: number
  /** Images of its manifests that neither the catalogue nor the engine has: they would be pulled. */
  missingImages: string[]
  /** Of a clone: files of the lab that it does not have. */
  leftOut: LeftOutFile[]
}

/** The name of a lab that is made beside those that are there. */
export function freeLabName(taken: readonly string[], preferred: string): string {
  if (!taken.includes(preferred)) return preferred
  const stem = preferred === 'default' ? 'lab' : `${preferred.replace(/-\d+$/, '').slice(0, 36)}-`
  let number = 2
  while (taken.includes(`${stem}${number}`)) number += 1
  return `${stem}${number}`
}
