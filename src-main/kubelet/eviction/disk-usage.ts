/** How much disk a folder takes, as `du` counts it: blocks, each inode once, links not followed. */
import { lstat, readdir } from 'node:fs/promises'

const BLOCK_BYTES = 512
const SLASH = Buffer.from('/')

/**
 * In bytes; 0 for what is not there. What vanishes during the walk, which takes turns with everything else, is left out.
 * @param signal ends the walk early, with what was counted so far
 */
export async function diskUsageBytes(path: string, signal: AbortSignal): Promise<number> {
  const seen = new Set<bigint>()
  const entries: Buffer[] = [Buffer.from(path)]
  let bytes = 0
  for (let entry = entries.pop(); entry !== undefined && !signal.aborted; entry = entries.pop()) {
    const stats = await lstat(entry, { bigint: true }).catch(absent)
    if (stats === undefined || seen.has(stats.ino)) continue
    // Only files are met under several names; a folder counts its subfolders as links.
    if (stats.nlink > 1n && !stats.isDirectory()) seen.add(stats.ino)
    bytes += Number(stats.blocks) * BLOCK_BYTES
    if (stats.isDirectory()) for (const inside of await entriesOf(entry)) entries.push(inside)
  }
  return bytes
}

/** Names are bytes, and not every one is text. */
async function entriesOf(folder: Buffer): Promise<Buffer[]> {
  const names = (await readdir(folder, 'buffer').catch(absent)) ?? []
  return names.map((name) => Buffer.concat([folder, SLASH, name]))
}

/** A pod removes files whenever it likes, and may be gone itself. */
function absent(error: unknown): undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
  throw error
}
