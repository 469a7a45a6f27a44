/** Reads the experiments that come with the app, `resources/experiments/*.yaml`, and the rows of the table, `table.yaml`. */
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { ComparisonRow, Experiment } from '../../common/experiments/experiment.ts'
import { decodeExperiment, decodeName } from './decode-experiment.ts'
import { YamlField } from './yaml-field.ts'

const TABLE = 'table.yaml'
const SUFFIX = '.yaml'

/**
 * In the order that `table.yaml` gives them.
 * @throws BadRequest with file, field and line for whatever cannot be run later; the file system's own errors
 */
export async function readExperiments(folder: string): Promise<{ experiments: Experiment[]; rows: ComparisonRow[] }> {
  const files = new Map<string, YamlField>()
  for (const name of await readdir(folder)) {
    if (!name.endsWith(SUFFIX)) continue
    files.set(name, YamlField.parse(name, await readFile(path.join(folder, name), 'utf8')))
  }
  // An empty one is told of as one that is not there: it lacks all its fields.
  const table = files.get(TABLE) ?? YamlField.parse(TABLE, '{}')
  const fields = table.fields(['experiments', 'rows'])
  const rows = decodeRows(fields.rows)
  files.delete(TABLE)
  const names = new Set<string>()
  const experiments = fields.experiments.items(1).map((item) => {
    const name = decodeName(item, names)
    const file = files.get(`${name}${SUFFIX}`)
    if (file === undefined) return item.fail(`is ${name}, which has no file`, `Add ${name}.yaml, or take the name out.`)
    const known = rows.map((row) => row.name)
    return decodeExperiment(name, file, known)
  })
  for (const [name, file] of files)
    if (!names.has(path.basename(name, SUFFIX))) file.fail('is no experiment of table.yaml', 'Add its name there.')
  return { experiments, rows }
}

function decodeRows(list: YamlField): ComparisonRow[] {
  const names = new Set<string>()
  return list.items(1).map((item) => {
    const { name, title, note } = item.fields(['name', 'title'], ['note'])
    return {
      name: decodeName(name, names),
      title: title.localText(),
      ...(note !== undefined && { note: note.localText() }),
    }
  })
}
