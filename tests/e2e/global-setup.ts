/** One lab for all specs, in a home of its own; the returned teardown removes both. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findRealElectron } from './support/find-electron.ts'
import { E2eLab, LAB_VARIABLE } from './support/e2e-lab.ts'

export default async function globalSetup(): Promise<() => Promise<void>> {
  const electron = findRealElectron()
  if (electron.state === 'missing') console.log(`Project "electron" is not run here: ${electron.reason}.`)
  const home = mkdtempSync(join(tmpdir(), 'node-lab-e2e-'))
  process.env['NODE_LAB_HOME'] = home
  process.env[LAB_VARIABLE] = `e2e-${process.pid.toString(36)}`
  const lab = E2eLab.fromEnvironment()
  await lab.cli('up', '--nodes', '2')
  return async () => {
    await lab.cli('delete')
    rmSync(home, { recursive: true, force: true })
  }
}
