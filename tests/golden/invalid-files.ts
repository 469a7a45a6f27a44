/**
 * Recorded cases of what may lie in a manifest folder and what a kubelet decides about it, as data: for the decoder's own
 * test and for tests of the whole file source. The node of all cases is `node01`.
 */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FileVerdictReason, FileVerdictState, FileWarningReason } from '../../src-main/common/lab/file-verdict.ts'

export const GOLDEN_NODE_NAME = 'node01'
export const GOLDEN_MANIFESTS_PATH = '/etc/kubernetes/manifests'

export interface InvalidFileCase {
  title: string
  /** Name in the manifest folder. */
  file: string
  /** What to make there; `content` of a `symlink` is that of its target, outside the folder. */
  entry: 'file' | 'directory' | 'symlink' | 'danglingSymlink' | 'fifo'
  /** Empty for what is no file. */
  content: Uint8Array
  /** Permission bits to set, where the case is about them. */
  mode?: number
  expected: {
    state: FileVerdictState
    reason: FileVerdictReason
    /** In the kubelet's words; absent where the case does not say. */
    message?: string
    /** Words that the plain explanation must have. */
    explanation?: string
    /** 1-based line of the fault. */
    line?: number
    /** `NAMESPACE/NAME` of the pod that comes from it. */
    pod?: string
    uid?: string
    /** Reasons of all warnings, in order. */
    warnings?: FileWarningReason[]
  }
  /** Waiting state that its container comes to. */
  container?: { reason: string; message: string }
  /** What the kubelet does with the pod, in words, where that is unusual. */
  runtime?: string
  /** Item of the facts sheet that holds where the recording is of an older version. */
  facts?: string
  /** How the recording differs. */
  differs?: string
}

type StoredCase = Omit<InvalidFileCase, 'content'> & { content?: string; base64?: string; padding?: number }

/** All cases, contents as bytes. */
export function loadInvalidFileCases(): InvalidFileCase[] {
  const path = join(dirname(fileURLToPath(import.meta.url)), 'invalid-files', 'cases.json')
  // The file is ours and the tests read every member of it.
  const stored = JSON.parse(readFileSync(path, 'utf8')) as StoredCase[]
  return stored.map(({ content = '', base64, padding = 0, ...rest }) => {
    const head = base64 === undefined ? Buffer.from(content) : Buffer.from(base64, 'base64')
    return { ...rest, content: new Uint8Array(Buffer.concat([head, Buffer.alloc(padding, 'x')])) }
  })
}
