/** Electron's own program: not part of the npm package, but fetched from its makers when it is wanted for the first time. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawn } from 'node:child_process'

const PACKAGE = 'node_modules/electron'
const FAILURE_STAMP = 'out/electron-download-failed'
const DOWNLOAD_TIMEOUT_MS = 60_000
const RETRY_AFTER_MS = 24 * 60 * 60 * 1000

/** Path of the program, if it is on this machine: named by `ELECTRON_EXEC_PATH`, or installed. */
export function findElectronBinary(environment: NodeJS.ProcessEnv): string | undefined {
  const configured = environment['ELECTRON_EXEC_PATH']
  if (configured !== undefined && configured !== '') return existsSync(configured) ? configured : undefined
  const pathFile = join(PACKAGE, 'path.txt')
  if (!existsSync(pathFile)) return undefined
  const folder = environment['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(PACKAGE, 'dist')
  const program = join(folder, readFileSync(pathFile, 'utf8').trim())
  return existsSync(program) ? program : undefined
}

/** Tries its makers' download once, for a minute at most; a failure is remembered for a day. Resolves with the path, if there is one now. */
export async function ensureElectronBinary(
  environment: NodeJS.ProcessEnv,
  onProgress: (step: { message: string }) => void,
): Promise<string | undefined> {
  const found = findElectronBinary(environment)
  if (found !== undefined || environment['ELECTRON_EXEC_PATH'] !== undefined || hasFailedLately()) return found
  onProgress({ message: "Fetching Electron's program (about 120 MB, once) ..." })
  if (await download()) {
    rmSync(FAILURE_STAMP, { force: true })
    return findElectronBinary(environment)
  }
  mkdirSync('out', { recursive: true })
  writeFileSync(FAILURE_STAMP, 'The next attempt is a day after this file was written; delete it to try at once.\n')
  return undefined
}

function hasFailedLately(): boolean {
  return existsSync(FAILURE_STAMP) && Date.now() - statSync(FAILURE_STAMP).mtimeMs < RETRY_AFTER_MS
}

/** Whether it worked. Why it did not is no news for a user without a way to the internet, who gets the browser instead. */
function download(): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(PACKAGE, 'install.js')], {
      stdio: 'ignore',
      timeout: DOWNLOAD_TIMEOUT_MS,
    })
    child.on('error', () => resolve(false))
    child.on('close', (code) => resolve(code === 0))
  })
}
