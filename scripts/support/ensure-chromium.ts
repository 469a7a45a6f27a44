/** Finds Chromium for the browser specs, or installs Debian's where that is possible. */
import { existsSync } from 'node:fs'
import { LabError } from '../../src-main/common/lab-error.ts'
import { runStep } from './run-step.ts'

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Path of the browser. @throws LabError Unavailable with the remedy */
export async function ensureChromium(): Promise<string> {
  const configured = process.env['CHROMIUM_PATH']
  if (configured !== undefined) {
    if (existsSync(configured)) return configured
    throw new LabError({ kind: 'Unavailable', message: `CHROMIUM_PATH names ${configured}, which does not exist.` })
  }
  const found = CANDIDATES.find((path) => existsSync(path))
  if (found !== undefined) return found
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log("Installing Chromium for the browser specs (Debian's package, about half a minute) ...")
    await runStep('apt-get', ['update', '-qq'], { quiet: true })
    const install = await runStep('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
      quiet: true,
      environment: { DEBIAN_FRONTEND: 'noninteractive' },
    })
    if (install.exitCode === 0 && existsSync('/usr/bin/chromium')) return '/usr/bin/chromium'
    throw new LabError({
      kind: 'Unavailable',
      message: `Chromium could not be installed: ${install.output.trim().split('\n').at(-1) ?? 'apt-get failed'}`,
      remedy: 'Install a Chromium and name it in CHROMIUM_PATH.',
    })
  }
  throw new LabError({
    kind: 'Unavailable',
    message: 'The browser specs need Chromium, and there is none on this machine.',
    remedy: 'Install Chromium or Chrome, or name it in CHROMIUM_PATH.',
  })
}
