/** The lab of the specs, seen from outside the app: through the command line and the folders on disk. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../../support/test-lab.ts'

export const LAB_VARIABLE = 'NODE_LAB_E2E_LAB'
const CLI = join(import.meta.dirname, '../../../src-main/shell/cli/main.ts')

interface LabJson {
  nodes: { name: string; manifestsPath: string }[]
}

export class E2eLab {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }

  /** Of the variables that the global setup has set. */
  static fromEnvironment(): E2eLab {
    const name = process.env[LAB_VARIABLE]
    if (name === undefined) throw new Error(`${LAB_VARIABLE} is not set: the global setup has not run`)
    return new E2eLab(name)
  }

  /** Runs `node-lab WORDS --lab LAB`; a failure throws with what it said. */
  async cli(...words: string[]): Promise<string> {
    const result = await run(process.execPath, [CLI, ...words, '--lab', this.name])
    if (result.exitCode !== 0) throw new Error(`node-lab ${words.join(' ')} failed:\n${result.stderr}${result.stdout}`)
    return result.stdout
  }

  /** Removes every manifest of every node, every node but the first two, and the app's settings. */
  async reset(): Promise<void> {
    rmSync(join(process.env['NODE_LAB_HOME'] ?? '', 'settings.json'), { force: true })
    const { nodes } = JSON.parse(await this.cli('up', '--json')) as LabJson
    for (const node of nodes) {
      if (node.name !== 'node01' && node.name !== 'node02') await this.cli('node', 'remove', node.name)
      else
        for (const file of readdirSync(node.manifestsPath)) rmSync(join(node.manifestsPath, file), { recursive: true })
    }
  }

  /** Writes the lab to a file of the given path. */
  async exportTo(file: string): Promise<void> {
    await runOrThrow('lab', 'export', this.name, file)
  }

  /** Labs that a spec has made beside it, as far as they are there. */
  async deleteOthers(...names: string[]): Promise<void> {
    for (const name of names) await runOrThrow('delete', '--lab', name)
  }

  /** Writes into a node's folder, as any editor would. */
  async write(node: string, file: string, content: string): Promise<void> {
    writeFileSync(join((await this.cli('manifests', node)).trim(), file), content)
  }

  async files(node: string): Promise<string[]> {
    return readdirSync((await this.cli('manifests', node)).trim()).toSorted()
  }
}

async function runOrThrow(...words: string[]): Promise<void> {
  const result = await run(process.execPath, [CLI, ...words])
  if (result.exitCode !== 0) throw new Error(`node-lab ${words.join(' ')} failed:\n${result.stderr}${result.stdout}`)
}
