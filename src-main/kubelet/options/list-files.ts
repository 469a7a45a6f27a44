/** The files of a folder and of the folders in it, each in the order of its names, as Go's `filepath.WalkDir` meets them. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Links are not followed into folders. @throws Node's error of the folder that cannot be listed */
export function listFiles(directory: string): string[] {
  const entries = readdirSync(directory, { withFileTypes: true })
  return entries
    .sort((left, right) => Buffer.compare(Buffer.from(left.name), Buffer.from(right.name)))
    .flatMap((entry) => (entry.isDirectory() ? listFiles(join(directory, entry.name)) : [join(directory, entry.name)]))
}
