/** A lab with a control plane on which experiments are run, through the command line. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExperimentResult, Observed } from '../../src-main/common/experiments/experiment-run.ts'
import type { SideName } from '../../src-main/common/experiments/experiment.ts'
import type { FilledRow } from '../../src-main/common/experiments/comparison-table.ts'
import type { LabStatus } from '../../src-main/common/lab/lab-status.ts'
import { ControlPlaneLab } from './control-plane-lab.ts'

/** What of a lab an experiment may not leave changed. */
export interface LabTraces {
  /** By `node/file`, what is in it. */
  files: Record<string, string>
  /** By name, its state, its kubelet's, and its marks at the API server. */
  nodes: string[]
  /** `kind namespace/name` of what people and controllers made; pods of the control plane among them. */
  objects: string[]
  components: string
  /** What an experiment would still have to put back. */
  journal: boolean
}

const KINDS = 'namespaces,daemonsets,deployments,replicasets,controllerrevisions,configmaps,pods,nodes'

export class ExperimentLab extends ControlPlaneLab {
  /** Runs it to its end. @throws unless it finished, whatever was observed */
  async experiment(name: string, ...words: string[]): Promise<ExperimentResult> {
    const { stdout, stderr } = await this.cli('experiment', 'run', name, '--json', ...words)
    if (stdout === '') throw new Error(`experiment ${name} has no result:\n${stderr}`)
    const result = JSON.parse(stdout) as ExperimentResult
    if (result.outcome !== 'finished' || result.notRestored !== undefined)
      throw new Error(
        `experiment ${name} ${result.outcome}: ${result.message ?? ''} ${result.notRestored ?? ''}\n${stderr}`,
      )
    return result
  }

  table(): Promise<FilledRow[]> {
    return this.json<FilledRow[]>('experiment', 'table', '--format', 'json')
  }

  async traces(): Promise<LabTraces> {
    const { nodes } = await this.status()
    const files = await Promise.all(nodes.map(({ name }) => this.filesOf(name)))
    const taints = await this.kubectlOk([
      ...['get', 'nodes', '--sort-by=metadata.name', '-o'],
      'jsonpath={range .items[*]}{.metadata.name} {.spec.unschedulable} {.spec.taints}{"\\n"}{end}',
    ])
    const objects = await this.kubectlOk([
      ...['get', KINDS, '-A', '-o'],
      'jsonpath={range .items[*]}{.kind} {.metadata.namespace}/{.metadata.name}{"\\n"}{end}',
    ])
    return {
      files: Object.assign({}, ...files) as Record<string, string>,
      nodes: [
        ...nodes.map(({ name, state, kubelet }) => `${name} ${state}, kubelet ${kubelet}`).toSorted(),
        ...lines(taints),
      ],
      objects: lines(objects).toSorted(),
      components: await this.ok('component', 'list'),
      journal: existsSync(join(this.home, 'labs', this.name, 'experiments/journal.json')),
    }
  }

  async status(): Promise<LabStatus> {
    const { labs } = await this.json<{ labs: LabStatus[] }>('status', '--json')
    const [lab] = labs
    if (lab === undefined) throw new Error(`there is no lab ${this.name}`)
    return lab
  }

  private async filesOf(node: string): Promise<Record<string, string>> {
    const folder = await this.manifestsFolder(node)
    return Object.fromEntries(
      readdirSync(folder).map((file) => [`${node}/${file}`, readFileSync(join(folder, file), 'utf8')]),
    )
  }
}

/** The answers of one side, by question. */
export function answersOf({ sides }: ExperimentResult, side: SideName): Record<string, Observed> {
  const observed = sides.find((one) => one.side === side)?.observed ?? []
  return Object.fromEntries(observed.map((one) => [one.observation, one]))
}

/** What was against the expectation, or not answered, with what it was: empty when all went well. */
export function surprises({ experiment, sides }: ExperimentResult): string[] {
  return sides.flatMap(({ side, observed }) =>
    observed
      .filter(({ verdict }) => verdict !== 'as-expected' && verdict !== 'observed')
      .map(
        ({ observation, verdict, answer, expected, message }) =>
          `${experiment} ${side} ${observation} ${verdict}: ${String(answer)}, not ${String(expected)} ${message ?? ''}`,
      ),
  )
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}
