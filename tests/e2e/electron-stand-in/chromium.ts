/** The Chromium that plays Electron's renderer, with a debugging port at which a test joins it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext } from 'playwright-core'
import { CHROMIUM_ARGUMENTS, chromiumPath } from '../support/chromium.ts'

let running: Promise<{ context: BrowserContext; profile: string }> | undefined

/** Starts it once and prints where a test can join: a line `{"debuggingUrl": "http://127.0.0.1:…"}`. */
export async function openChromium(): Promise<BrowserContext> {
  running ??= launch()
  return (await running).context
}

async function launch(): Promise<{ context: BrowserContext; profile: string }> {
  const profile = mkdtempSync(join(tmpdir(), 'node-lab-stand-in-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath(),
    args: [...CHROMIUM_ARGUMENTS, '--remote-debugging-port=0', '--window-size=1280,860'],
    viewport: null,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  })
  const port = readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n', 1)[0]
  console.log(JSON.stringify({ debuggingUrl: `http://127.0.0.1:${port}` }))
  return { context, profile }
}

export async function closeChromium(): Promise<void> {
  if (running === undefined) return
  const { context, profile } = await running
  await context.close()
  rmSync(profile, { recursive: true, force: true })
}
