/**
 * Opens files in the node's volume for the runtime service itself. A node's content is hostile: each component is opened
 * without following links, relative to the folder before it, so that no link can lead outside.
 */
import { constants } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

const FOLDER_FLAGS = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW

function child(folder: FileHandle, name: string): string {
  return `/proc/self/fd/${folder.fd}/${name}`
}

/**
 * Calls back with the open parent folder of `path` (a path on the node) and the last component's name.
 * @param options.create missing folders are made, mode 0755
 */
export async function withNodeFolder<T>(
  options: { root: string; path: string; create: boolean },
  act: (openFile: (name: string, flags: number) => Promise<FileHandle>, name: string, folder: string) => Promise<T>,
): Promise<T> {
  const parts = options.path.split('/').filter((part) => part !== '')
  if (parts.some((part) => part === '.' || part === '..' || part.includes('\0')))
    throw new Error(`${options.path} is not a plain path`)
  const name = parts.pop()
  if (name === undefined) throw new Error('the path of a file is empty')
  let folder = await open(options.root, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    for (const part of parts) {
      const next = await openFolder(folder, part, options.create)
      await folder.close()
      folder = next
    }
    const parent = folder
    return await act((file, flags) => openRegularFile(parent, file, flags), name, `/proc/self/fd/${parent.fd}`)
  } finally {
    await folder.close()
  }
}

async function openFolder(parent: FileHandle, name: string, create: boolean): Promise<FileHandle> {
  try {
    return await open(child(parent, name), FOLDER_FLAGS)
  } catch (error) {
    if (!create || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  try {
    await mkdir(child(parent, name), { mode: 0o755 })
  } catch (error) {
    // The kubelet was quicker.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return open(child(parent, name), FOLDER_FLAGS)
}

/**
 * Makes a folder on the node, mode 0755, with those that lead to it, unless something is there (facts 2.17.3). What is no
 * folder on the way, a link for instance, is left to the engine.
 */
export async function makeMissingFolder(root: string, path: string): Promise<void> {
  let folder = await open(root, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    for (const part of path.split('/').filter((name) => name !== '')) {
      const next = await openFolder(folder, part, true)
      await folder.close()
      folder = next
    }
  } catch (error) {
    if (!['ENOTDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  } finally {
    await folder.close()
  }
}

async function openRegularFile(parent: FileHandle, name: string, flags: number): Promise<FileHandle> {
  const file = await open(child(parent, name), flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o640)
  if ((await file.stat()).isFile()) return file
  await file.close()
  throw new Error(`${name} is not a regular file`)
}
