/** How much disk a folder takes, as `du` counts it: blocks, each inode once, links not followed. */
import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'

const BLOCK_BYTES = 512

/**
 * In bytes; 0 for what is not there. What vanishes during the walk, which takes turns with everything else, is left out.
 * @param signal ends the walk early, with what was counted so far
 */
export async function diskUsageBytes(path: string, signal: AbortSignal): Promise<number> {
  const seen = new Set<bigint>()
  const folders = [path]
  let bytes = 0
  for (let folder = folders.pop(); folder !== undefined && !signal.aborted; folder = folders.pop()) {
    for (const entry of [folder, ...(await namesIn(folder))]) {
      const stats = await lstat(entry, { bigint: true }).catch(absent)
      if (stats === undefined || seen.has(stats.ino)) continue
      seen.add(stats.ino)
      bytes += Number(stats.blocks) * BLOCK_BYTES
      if (stats.isDirectory() && entry !== folder) folders.push(entry)
    }
  }
  return bytes
}

async function namesIn(path: string): Promise<string[]> {
  const folder = await opendir(path).catch(absent)
  const names: string[] = []
  if (folder !== undefined) for await (const { name } of folder) names.push(join(path, name))
  return names
}

/** A pod removes files whenever it likes, and may be gone itself. */
function absent(error: unknown): undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
  throw error
}
