/** A lab as one file. The same lab gives the same bytes, so that two exports can be compared. */
import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { pack } from 'tar-stream'
import { LabError } from '../../common/lab-error.ts'
import { MAX_ARCHIVE_BYTES, type ArchiveDescription } from '../../common/lab/lab-archive.ts'
import { stringifyDescription } from './archive-description.ts'
import { CHECKSUMS_FILE, DESCRIPTION_FILE } from './archive-entry.ts'

export interface LabArchive {
  description: ArchiveDescription
  /** Of nodes: name in the archive → content. */
  files: ReadonlyMap<string, Buffer>
}

/** @throws LabError Conflict when the file would be larger than is read again */
export async function writeLabArchive({ description, files }: LabArchive): Promise<Buffer> {
  const described: [string, Buffer] = [DESCRIPTION_FILE, Buffer.from(stringifyDescription(description))]
  const contents = [described, ...[...files].toSorted(([one], [other]) => (one < other ? -1 : 1))]
  const archive = pack()
  const packed = buffer(archive)
  const list = Buffer.from(formatChecksums(contents))
  for (const [name, content] of [...contents, [CHECKSUMS_FILE, list] as const])
    archive.entry({ name, mode: 0o644, mtime: new Date(0) }, content)
  archive.finalize()
  const bytes = await promisify(gzip)(await packed)
  if (bytes.length <= MAX_ARCHIVE_BYTES) return bytes
  throw new LabError({
    kind: 'Conflict',
    message: `the lab would be a file of ${bytes.length} bytes, and ${MAX_ARCHIVE_BYTES} are the most that can be imported`,
    remedy: 'Take large manifests out of its folders, then export it again.',
  })
}

/** As `sha256sum` writes and checks them. */
export function formatChecksums(contents: Iterable<readonly [string, Buffer]>): string {
  return [...contents].map(([name, content]) => `${sha256(content)}  ${name}\n`).join('')
}

export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
