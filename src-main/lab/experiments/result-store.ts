/** Results of experiments, each a file in `labs/LAB/experiments/results`. They go with the lab. */
import { readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Logger } from '../../base/logger.ts'
import type { Time } from '../../common/api/meta.ts'
import type { ExperimentResult } from '../../common/experiments/experiment-run.ts'
import { toLabErrorData } from '../../common/lab-error.ts'
import { hasCode } from '../store/error-code.ts'
import type { HomeLayout } from '../store/home.ts'
import { makeFolder } from '../store/make-folder.ts'
import { writeAtomically } from '../store/write-atomically.ts'
import { parseResult } from './parse-result.ts'

const KEPT_PER_EXPERIMENT = 20
const ID = /^\d{8}T\d{9}Z-[a-z0-9-]+$/

/** In the order of time, and fit for a file's name; one lab has one experiment at a time. */
export function resultId(startedAt: Time, experiment: string): string {
  return `${new Date(startedAt).toISOString().replaceAll(/[-:.]/g, '')}-${experiment}`
}

export class ResultStore {
  readonly #layout: HomeLayout
  readonly #logger: Logger

  constructor({ layout, logger }: { layout: HomeLayout; logger: Logger }) {
    this.#layout = layout
    this.#logger = logger
  }

  /** Of each experiment the newest twenty are kept. @throws the file system's own errors, as without the lab's folder */
  async save(result: ExperimentResult): Promise<void> {
    const folder = this.#folder(result.lab)
    await makeFolder(path.dirname(folder))
    await makeFolder(folder)
    await writeAtomically(path.join(folder, fileOf(result.id)), `${JSON.stringify(result)}\n`)
    const older = (await this.list(result.lab)).filter(({ experiment }) => experiment === result.experiment)
    for (const { id } of older.slice(KEPT_PER_EXPERIMENT)) await rm(path.join(folder, fileOf(id)), { force: true })
  }

  /** The newest first. What is no result, or a spoilt one, is logged and passed over. */
  async list(lab: string): Promise<ExperimentResult[]> {
    const results: ExperimentResult[] = []
    for (const name of (await this.#names(lab)).toSorted().toReversed()) {
      const result = await this.#read(lab, name)
      if (result !== undefined) results.push(result)
    }
    return results
  }

  async forget(lab: string): Promise<void> {
    await rm(this.#folder(lab), { recursive: true, force: true })
  }

  #folder(lab: string): string {
    return path.join(this.#layout.experiments(lab), 'results')
  }

  async #names(lab: string): Promise<string[]> {
    try {
      return await readdir(this.#folder(lab))
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return []
      throw error
    }
  }

  async #read(lab: string, name: string): Promise<ExperimentResult | undefined> {
    // A draft of a writer that works now, or died.
    if (name.startsWith('.')) return undefined
    const file = path.join(this.#folder(lab), name)
    try {
      const result = parseResult(await readFile(file, 'utf8'))
      if (fileOf(result.id) === name && result.lab === lab && ID.test(result.id)) return result
      this.#logger.warn('a file among the results of experiments is not what its name says', { file })
    } catch (error) {
      // Somebody may have forgotten it since it was listed.
      if (!hasCode(error, 'ENOENT'))
        this.#logger.warn('a result of an experiment cannot be read', { file, error: toLabErrorData(error).message })
    }
    return undefined
  }
}

function fileOf(id: string): string {
  return `${id}.json`
}
