/** Where downloads and half-products are kept between runs: of the machine for root, else of the user. */
import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** File in the cache folder whose owner alone makes images of what is there, or empties it. */
export const IMAGES_LOCK = 'lock'

export function computeCacheFolder(
  environment: Record<string, string | undefined>,
  user: { uid: number | undefined; home: string },
): string {
  if (user.uid === 0) return '/var/lib/node-lab/cache'
  return join(environment['XDG_CACHE_HOME'] ?? join(user.home, '.cache'), 'node-lab')
}

/** The folder, made if need be. */
export async function cacheFolder(): Promise<string> {
  const folder = computeCacheFolder(process.env, { uid: process.getuid?.(), home: homedir() })
  await mkdir(folder, { recursive: true })
  return folder
}
