/**
 * `npm run update:compare`: docs/compare.md from a real run. Makes a lab of its own, gives it the sample agents, runs all experiments with
 * the third side, and removes it; about a quarter of an hour. What was not as expected is told, stands in the document as such, and makes it fail.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readExperiments } from '../src-main/lab/experiments/read-experiments.ts'
import { appVersion } from '../src-main/shell/app/app-version.ts'
import { ExperimentLab, surprises } from '../tests/support/experiment-lab.ts'
import { COMPARE_DOCUMENT, renderCompareDocument } from './support/render-compare-document.ts'

const ROOT = join(import.meta.dirname, '..')
const AGENTS = ['log-collector-daemonset', 'node-monitor-daemonset']

const { experiments } = await readExperiments(join(ROOT, 'resources/experiments'))
const lab = new ExperimentLab('compare')
try {
  await lab.up('--nodes', '2')
  for (const agent of AGENTS)
    await lab.kubectlOk(['apply', '-f', '-'], {
      input: readFileSync(join(ROOT, `resources/manifests/${agent}.yaml`), 'utf8'),
    })
  for (const { name } of experiments) {
    console.log(`${new Date().toISOString().slice(11, 19)}  ${name}`)
    for (const surprise of surprises(await lab.experiment(name, '--deployment'))) {
      console.log(`  ${surprise}`)
      process.exitCode = 1
    }
  }
  const { engine } = await lab.json<{ engine: { version?: string } }>('status', '--json')
  const text = renderCompareDocument({
    experiments,
    table: await lab.table(),
    date: new Date().toISOString().slice(0, 10),
    setting: `Node Lab ${appVersion()}, a lab of two workers and a control plane${engine.version === undefined ? '' : `, Docker ${engine.version}`}`,
  })
  writeFileSync(join(ROOT, COMPARE_DOCUMENT), text)
  console.log(`${COMPARE_DOCUMENT} is written.`)
} finally {
  await lab.dispose()
}
