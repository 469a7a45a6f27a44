/** Builds the app (main process, preload, renderer) into `out/`, unless what is there was built from the same inputs. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { systemClock } from '../../src-main/base/clock.ts'
import { LabError } from '../../src-main/common/lab-error.ts'
import { withFileLock } from '../../src-main/lab/store/file-lock.ts'
import { computeInputHash } from './input-hash.ts'
import { runStep } from './run-step.ts'

const INPUTS = [
  'src-main',
  'src-renderer',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
]
const OUTPUTS = ['out/main/index.js', 'out/preload/index.cjs', 'out/renderer/index.html']
const STAMP = 'out/app.inputs'

/** One process at a time. @throws LabError Unavailable with the builder's own words */
export async function buildApp(onProgress: (step: { message: string }) => void): Promise<void> {
  const onWait = (owner: number): void => onProgress({ message: `Waiting for process ${owner}, which is building ...` })
  await withFileLock({ clock: systemClock(), file: 'out/app.lock', onWait }, () => buildUnlessCurrent(onProgress))
}

async function buildUnlessCurrent(onProgress: (step: { message: string }) => void): Promise<void> {
  const inputs = computeInputHash(INPUTS)
  if (OUTPUTS.every((path) => existsSync(path)) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === inputs) {
    onProgress({ message: 'The app is up to date.' })
    return
  }
  onProgress({ message: 'Building the app ...' })
  rmSync(STAMP, { force: true })
  const build = await runStep('node_modules/.bin/electron-vite', ['build'], { quiet: true })
  const missing = OUTPUTS.filter((path) => !existsSync(path))
  if (build.exitCode !== 0 || missing.length > 0) {
    throw new LabError({
      kind: 'Unavailable',
      message: `The app does not build (exit code ${build.exitCode}${missing.length > 0 ? `, missing: ${missing.join(', ')}` : ''}):\n${build.output.trim()}`,
      remedy: 'Mend what the builder says, or check out a commit that builds.',
    })
  }
  writeFileSync(STAMP, inputs)
  onProgress({ message: `The app was built in ${build.seconds.toFixed(1)} s.` })
}
