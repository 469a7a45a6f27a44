/** An image that nothing uses, to be removed. */
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { FileTree } from '../../../src-main/lab/images/file-tree.ts'
import {
  computeArchitecture,
  computeConfiguration,
  computeImageArchive,
  readFromDisk,
  streamImageArchive,
} from '../../../src-main/lab/images/image-archive.ts'
import { writeLayer } from '../../../src-main/lab/images/layer.ts'

/** @returns path of a tarball as `docker save` writes them */
export async function writeSpareImage(reference: string, folder: string): Promise<string> {
  const tree = new FileTree()
  tree.file('spare', 'nothing uses this\n')
  const layer = await writeLayer(tree, join(folder, 'spare-layer.tar'), new Date(0), 'a file', '')
  const configuration = computeConfiguration([layer], { labels: {} }, computeArchitecture(process.arch))
  const archive = computeImageArchive(reference, configuration, [readFromDisk(layer)])
  const path = join(folder, 'spare-image.tar')
  await pipeline(streamImageArchive(archive), createWriteStream(path))
  return path
}
