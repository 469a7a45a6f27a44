/**
 * How a URL with a token gets into a browser unseen: every user of a machine can read the words of every command, so what is
 * opened is a page that only this user can read, which goes on to the URL.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** In `folder`, which browsers in a sandbox of their own can often read where they cannot read `/tmp` or hidden folders. */
export function writeRedirectPage(folder: string, url: string): { path: string; remove(): void } {
  const own = mkdtempSync(join(folder, 'open-'))
  const path = join(own, 'node-lab.html')
  // As JSON, in which no character can end the script; base64url tokens have none that could.
  const target = JSON.stringify(url).replaceAll('<', '\\u003c')
  writeFileSync(
    path,
    `<!doctype html><meta charset="utf-8"><title>Node Lab</title><script>location.replace(${target})</script>\n`,
    { mode: 0o600, flag: 'wx' },
  )
  return { path, remove: () => rmSync(own, { recursive: true, force: true }) }
}
