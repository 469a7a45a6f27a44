/** Versions of manifests that Node Lab has seen in a node's folder, so that any of them can be had back. */
import type { Time } from '../api/meta.ts'

/** `outside`: an editor, a shell on the node, or whoever else writes into the folder. */
export type ManifestAuthor = 'window' | 'command line' | 'outside'

export interface ManifestVersion {
  /** File name in the node's folder. */
  name: string
  /** Identity among the versions of this file. */
  version: string
  /** When it was written through Node Lab, or first seen. */
  time: Time
  by: ManifestAuthor
  bytes: number
  /** The file went: there is no content. */
  removed?: true
}

/** Why a text cannot name a version; `undefined` when it can. */
export function manifestVersionFault(version: string): string | undefined {
  return /^\d{8}T\d{9}Z-[0-9a-f]{8}$/.test(version) ? undefined : 'has to be a version as the history lists them'
}
