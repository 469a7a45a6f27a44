/** Texts as one `.tar.gz`. */
import { createGzip } from 'node:zlib'
import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'

export interface LogFile {
  /** Path in the archive. */
  name: string
  text: string
}

export async function writeLogArchive(folder: string, files: readonly LogFile[], timeMs: number): Promise<Buffer> {
  const tarball = pack()
  const archive = buffer(tarball.pipe(createGzip()))
  for (const { name, text } of files)
    tarball.entry({ name: `${folder}/${name}`, mode: 0o644, mtime: new Date(timeMs) }, text)
  tarball.finalize()
  return archive
}
