/** Looks at one entry of the manifest folder, as hostile as it may be: regular files only, size-capped, never blocking (facts 1.2.3, 1.2.4). */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, statSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { fileSystemPath } from '../../base/file-name-bytes.ts'
import { MAX_MANIFEST_BYTES, READ_LIMIT_MESSAGE } from '../../common/manifest/decode-manifest.ts'
import type { FileVerdictReason } from '../../common/lab/file-verdict.ts'

export interface EntryFacts {
  sizeBytes: number
  modifiedMs: number
  /** Changes whenever the entry or what it links to changes. */
  signature: string
  /** Its target's changes are not announced by the folder. */
  isLink: boolean
}

/** An entry that cannot be a manifest. */
export interface EntryFault {
  kind: 'fault'
  reason: FileVerdictReason
  /** Whether the kubelet passes over it (a folder) or stumbles over it. */
  state: 'ignored' | 'rejected'
  /** Of the log line: upstream words it differently for folders and for files. */
  message: string
  explanation: string
  facts: EntryFacts
}

export type Entry = { kind: 'gone' } | EntryFault | { kind: 'file'; bytes: Uint8Array; facts: EntryFacts }

/** Only what tells whether it changed; `undefined`: it is gone. */
export function inspectEntry(path: string): EntryFacts | undefined {
  const own = look(lstatSync, path)
  if (own === undefined) return undefined
  if (own instanceof Error) return factsOfUnknown(own)
  if (!own.isSymbolicLink()) return factsOf(own, false)
  const target = look(statSync, path)
  return factsOf(target === undefined || target instanceof Error ? own : target, true)
}

/** Reads it if it is a regular file, also through links, as a kubelet does. */
export function readEntry(path: string): Entry {
  const own = look(lstatSync, path)
  if (own === undefined) return { kind: 'gone' }
  if (own instanceof Error) return openFault(path, factsOfUnknown(own), own)
  const stats = look(statSync, path)
  if (stats instanceof Error) return linkFault(path, factsOf(own, true), stats)
  if (stats === undefined)
    return fault(factsOf(own, true), 'DanglingLink', 'rejected', `stat ${path}: no such file or directory`, {
      prefix: 'Could not get metadata',
      explanation: 'The link points to nothing: mend or remove it.',
    })
  const facts = factsOf(stats, own.isSymbolicLink())
  if (stats.isDirectory())
    return fault(facts, 'Directory', 'ignored', path, {
      prefix: 'Provided manifest path is a directory, not recursing into manifest path',
      explanation: 'The kubelet does not look into folders: only files that lie directly in this folder count.',
    })
  if (!stats.isFile())
    return fault(facts, 'NotRegularFile', 'rejected', path, {
      prefix: 'Manifest path is not a directory or file',
      explanation:
        'This is neither a file nor a folder (a socket, a pipe or a device): no manifest can be read from it, so remove it.',
    })
  if (stats.size > MAX_MANIFEST_BYTES) return tooLarge(facts)
  return readRegularFile(path, facts)
}

function readRegularFile(path: string, facts: EntryFacts): Entry {
  let descriptor: number
  try {
    // Not blocking, since it may have become a pipe since it was looked at.
    descriptor = openSync(fileSystemPath(path), constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    return openFault(path, facts, error)
  }
  try {
    const stats = fstatSync(descriptor)
    if (!stats.isFile()) return { kind: 'gone' }
    const bytes = Buffer.alloc(Math.min(stats.size, MAX_MANIFEST_BYTES + 1) + 1)
    let length = 0
    for (;;) {
      const count = readSync(descriptor, bytes, length, bytes.length - length, null)
      length += count
      if (count === 0 || length === bytes.length) break
    }
    if (length > MAX_MANIFEST_BYTES) return tooLarge(facts)
    return { kind: 'file', bytes: bytes.subarray(0, length), facts: factsOf(stats, facts.isLink) }
  } catch (error) {
    return openFault(path, facts, error)
  } finally {
    closeSync(descriptor)
  }
}

/** What there is to see; links in a circle, permissions and failing disks are told apart from "gone". */
function look(stat: typeof statSync, path: string): Stats | undefined | Error {
  try {
    return stat(fileSystemPath(path), { throwIfNoEntry: false })
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** The entry is a link whose target cannot be looked at. */
function linkFault(path: string, facts: EntryFacts, error: Error): Entry {
  if (!('code' in error) || error.code !== 'ELOOP') return openFault(path, facts, error)
  return fault(facts, 'DanglingLink', 'rejected', `stat ${path}: too many levels of symbolic links`, {
    prefix: 'Could not get metadata',
    explanation: 'The link leads in a circle and never to a file: mend or remove it.',
  })
}

function openFault(path: string, facts: EntryFacts, error: unknown): Entry {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT') return { kind: 'gone' }
  const words = error instanceof Error ? error.message : String(error)
  return fault(facts, 'Unreadable', 'rejected', `open ${path}: ${words}`, {
    prefix: 'Could not process manifest file',
    explanation: 'The kubelet may not read this file, or the disk failed: look at its permissions.',
  })
}

function tooLarge(facts: EntryFacts): EntryFault {
  return {
    kind: 'fault',
    reason: 'TooLarge',
    state: 'rejected',
    message: READ_LIMIT_MESSAGE,
    explanation: 'The file is larger than 10 MiB, which no manifest is: the kubelet refuses it unread.',
    facts,
  }
}

function fault(
  facts: EntryFacts,
  reason: FileVerdictReason,
  state: 'ignored' | 'rejected',
  words: string,
  text: { prefix: string; explanation: string },
): EntryFault {
  return { kind: 'fault', reason, state, message: `${text.prefix}: ${words}`, explanation: text.explanation, facts }
}

function factsOfUnknown(error: Error): EntryFacts {
  return { sizeBytes: 0, modifiedMs: 0, signature: error.message, isLink: false }
}

function factsOf(stats: Stats, isLink: boolean): EntryFacts {
  return {
    sizeBytes: stats.size,
    modifiedMs: Math.trunc(stats.mtimeMs),
    signature: [stats.dev, stats.ino, stats.mode, stats.size, stats.mtimeMs, stats.ctimeMs].join(':'),
    isLink,
  }
}
