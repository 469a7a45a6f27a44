/** How the comparison stands in each lab, told when it changes. */
import type { ComparisonState, ExperimentRun } from '../../common/experiments/experiment-run.ts'
import { SIDE_NAMES } from '../../common/experiments/experiment.ts'
import { isLabError } from '../../common/lab-error.ts'
import { AGENT_NAMES } from '../../common/experiments/agent-names.ts'
import { isLockHeld } from '../store/file-lock.ts'
import type { ExperimentContext } from './experiment-context.ts'
import { computePresentSides, listWorkers, readAgentFiles, readAgents, type Agents } from './read-agents.ts'
import { readJournal, type RestoreJournal } from './restore-journal.ts'

const { namespace, staticFile, staticPod, workload } = AGENT_NAMES

export class ComparisonStates {
  readonly #context: ExperimentContext
  readonly #onChanged: (state: ComparisonState) => void
  readonly #runs = new Map<string, ExperimentRun>()

  constructor(context: ExperimentContext, onChanged: (state: ComparisonState) => void) {
    this.#context = context
    this.#onChanged = onChanged
  }

  async read(lab: string): Promise<ComparisonState> {
    const run = this.#runs.get(lab)
    if (run !== undefined) return stateOfRun(run)
    const agents = await this.#readAgents(lab)
    const sides = computePresentSides(agents)
    const workers = await listWorkers(this.#context, lab)
    const isWhole = agents.daemonSet !== undefined && workers.every((node) => agents.files[node] !== undefined)
    const unfinished = await this.readUnfinished(lab)
    return {
      ...{ lab, sides, namespace, staticFile, staticPod, workload },
      state: sides.length === 0 ? 'absent' : isWhole ? 'installed' : 'partial',
      ...(unfinished !== undefined && { unfinished }),
    }
  }

  /** Reads the journal without the lab's lock. Of a process that still works nothing is unfinished. */
  async readUnfinished(lab: string): Promise<ComparisonState['unfinished']> {
    const { layout } = this.#context.store
    if (await isLockHeld(layout.experimentLock(lab))) return undefined
    try {
      const journal = await readJournal(layout, lab)
      return journal === undefined ? undefined : { experiment: journal.experiment, message: describeLeft(journal) }
    } catch (error) {
      if (!isLabError(error)) throw error
      return { experiment: '', message: error.message }
    }
  }

  running(run: ExperimentRun): void {
    this.#runs.set(run.lab, run)
    this.#onChanged(stateOfRun(run))
  }

  /** Nothing runs in the lab any more. */
  ended(lab: string): void {
    this.#runs.delete(lab)
  }

  /** While the API server is away only files are known. */
  async #readAgents(lab: string): Promise<Agents> {
    try {
      return await readAgents(this.#context, lab)
    } catch (error) {
      if (!isLabError(error) || error.kind === 'NotFound') throw error
      return { hasNamespace: false, files: await readAgentFiles(this.#context, lab) }
    }
  }
}

function describeLeft({ undos, result }: RestoreJournal): string {
  const how = result === undefined ? 'the program that ran it ended in the middle' : 'not everything could be put back'
  return `${how}; ${undos.length} ${undos.length === 1 ? 'change is' : 'changes are'} left to be put back`
}

/** In the order of the columns. */
function stateOfRun(run: ExperimentRun): ComparisonState {
  const sides = SIDE_NAMES.filter((side) => run.sides.includes(side))
  return { lab: run.lab, state: 'installed', sides, ...{ namespace, staticFile, staticPod, workload }, run }
}
