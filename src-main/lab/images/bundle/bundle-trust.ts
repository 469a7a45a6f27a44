/**
 * Whether a bundle is the one that somebody vouches for. A bundle is code that will hold the engine's socket, so what speaks
 * for it has to come from outside of it: a checksum that was read elsewhere, or a signature with a key that is trusted.
 */
import type { KeyObject } from 'node:crypto'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { LabError } from '../../../common/lab-error.ts'
import { hasCode } from '../../store/error-code.ts'
import { type BundleFile, COPY_AGAIN } from './bundle-file.ts'
import { verifySignature } from './bundle-signature.ts'

export interface BundleEvidence {
  /** In hexadecimal digits, from a place that is trusted. */
  sha256?: string
  /** Public keys that are trusted; when there are any, the bundle has to be signed with one of them. */
  keys: readonly KeyObject[]
  /** Explicit consent to a bundle for which nothing speaks: what lies beside it is not looked at; `sha256` and `keys` hold. */
  unverified: boolean
}

/** What speaks for a bundle, for people. */
export interface BundleTrust {
  sha256: string
  words: string
}

export const checksumPath = (bundle: string): string => `${bundle}.sha256`
export const signaturePath = (bundle: string): string => `${bundle}.sig`

/** Longest that the files beside a bundle may be, in bytes. */
const SIDE_FILE_BYTES = 4096

/**
 * Reads the whole bundle once, and looks into none of it before it is trusted, but for its size.
 * @throws Forbidden when nothing speaks for it, BadRequest when it is another or a damaged one
 */
export async function establishTrust(
  bundle: BundleFile,
  evidence: BundleEvidence,
  onProgress: (step: { message: string; progress?: number }) => void,
): Promise<BundleTrust> {
  const needsSideFile = evidence.sha256 === undefined && evidence.keys.length === 0 && !evidence.unverified
  const expected = needsSideFile ? await readChecksumFile(bundle.path) : evidence.sha256?.toLowerCase()
  if (needsSideFile && expected === undefined) throw untrusted(bundle)
  const sha256 = await bundle.computeSha256((progress) =>
    onProgress({ message: `comparing the checksum of ${bundle.name}`, progress }),
  )
  if (expected !== undefined && sha256 !== expected) {
    // A copy that was broken off is told as such, with what is missing.
    await bundle.readManifest()
    throw new LabError({
      kind: 'BadRequest',
      message: `${bundle.name} is damaged or another bundle: its checksum is ${sha256}, and should be ${expected}`,
      remedy: COPY_AGAIN,
    })
  }
  if (evidence.keys.length > 0) {
    const signature = await readSideFile(signaturePath(bundle.path))
    if (signature === undefined) {
      throw new LabError({
        kind: 'Forbidden',
        message: `${bundle.name} has no signature: there is no ${basename(signaturePath(bundle.path))} beside it`,
        remedy: 'Get the signature too, or compare the checksum with `--sha256 HEX`.',
      })
    }
    return { sha256, words: `signed with the key ${verifySignature(signature, sha256, evidence.keys)}` }
  }
  if (evidence.sha256 !== undefined) return { sha256, words: 'the checksum is the one that you named' }
  if (evidence.unverified) return { sha256, words: 'NOT VERIFIED: nothing speaks for it' }
  return {
    sha256,
    words: `the checksum is that of ${basename(checksumPath(bundle.path))} beside it, which is as trustworthy as the way both came`,
  }
}

function untrusted(bundle: BundleFile): LabError {
  return new LabError({
    kind: 'Forbidden',
    message: `nothing speaks for ${bundle.name}: what is in it would run with the engine's socket`,
    remedy: `Name its checksum (--sha256 HEX) or a key that you trust (--key PUBLIC.pem), or have ${basename(checksumPath(bundle.path))} beside it. Whoever knows where it came from may say --unverified.`,
  })
}

/** The digits in `FILE.sha256`, as `sha256sum` writes it. @throws BadRequest when it is about another file */
async function readChecksumFile(bundle: string): Promise<string | undefined> {
  const path = checksumPath(bundle)
  const text = await readSideFile(path)
  if (text === undefined) return undefined
  const name = basename(bundle)
  for (const line of text.split('\n')) {
    const [, sha256, file] = /^([0-9a-fA-F]{64}) [ *](.+)$/.exec(line.trimEnd()) ?? []
    if (sha256 !== undefined && file !== undefined && basename(file) === name) return sha256.toLowerCase()
  }
  throw new LabError({
    kind: 'BadRequest',
    message: `${path} has no checksum of ${name}`,
    remedy: 'A renamed bundle needs a line with its new name, or `--sha256 HEX`.',
  })
}

/** @throws BadRequest when it is no file, or longer than such a file is */
async function readSideFile(path: string): Promise<string | undefined> {
  let handle: FileHandle
  try {
    // Asked first, because opening a named pipe would wait for its other end.
    if (!(await stat(path)).isFile()) throw new LabError({ kind: 'BadRequest', message: `${path} is no file` })
    handle = await open(path, 'r')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(SIDE_FILE_BYTES + 1), 0, SIDE_FILE_BYTES + 1, 0)
    if (bytesRead <= SIDE_FILE_BYTES) return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
  throw new LabError({
    kind: 'BadRequest',
    message: `${path} is longer than ${SIDE_FILE_BYTES} bytes`,
    remedy: `Leave in it only what is about ${basename(path, extname(path))}.`,
  })
}
