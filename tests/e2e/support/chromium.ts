/** Which Chromium the specs use, and how. */
import { existsSync } from 'node:fs'

/** What keeps a headless Chromium, root or not, from looking around in the network. */
export const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function chromiumPath(): string {
  const path = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
  if (!existsSync(path)) throw new Error(`There is no Chromium at ${path}; name one in CHROMIUM_PATH.`)
  return path
}
