/**
 * The CEL of experiments. For their authors:
 *
 * * Names are those of `SideRecord`: `side`, `target`, `workers`, `before`, `now`, `looks.NAME`, `events`, `timeline`, `actions`,
 *   `usedFor`. Their fields have types, and what does not fit is refused when the experiment is read.
 * * `onNode(pods, node)`: the pods of a list that are on the node.
 * * `running(pods)`: the pods of a list whose container runs.
 * * `seconds(from, to)`: whole seconds between two times, rounded down; below 0 when `to` is the earlier one.
 * * `sum(integers)`, and `max(integers)`, which is 0 for none.
 * * `distinct(texts)`: each text once, in order.
 * * Evidence may be a sum of lists of different kinds: `actions + looks.after.pods + [now.definition]`.
 * * In a hypothesis there are `static.NAME`, `daemonSet.NAME` and `deployment.NAME`: the answers to the questions, with underscores
 *   for hyphens.
 */
import { Environment, type ASTNode } from '@marcbachmann/cel-js'
import { SIDE_NAMES } from '../../common/experiments/experiment.ts'
import { CEL_CLASSES, CEL_FIELDS, isPodOnNode, isRunningPod, RECORD_VARIABLES } from './cel-values.ts'

/** For looks of whatever name: to evaluate with. */
export const RECORD_ENVIRONMENT = withRecord().registerVariable('looks', 'map<string, Look>')

/** For the answers to whatever questions: to evaluate with. */
export const ANSWER_ENVIRONMENT = withAnswers(() => 'dyn')

/** To check the expressions of one experiment with: no other look than its own can be named. */
export function environmentOfLooks(names: readonly string[]): Environment {
  const environment = withRecord()
  if (names.length === 0) return environment
  const fields = Object.fromEntries(names.map((name) => [name, 'Look']))
  return environment.registerType('Looks', { fields }).registerVariable('looks', 'Looks')
}

/** To check hypotheses with. @param types of the answers in CEL, by the name of the question with underscores */
export function environmentOfAnswers(types: Readonly<Record<string, string>>): Environment {
  const environment = new Environment().registerType('Answers', { fields: { ...types } })
  for (const side of SIDE_NAMES) environment.registerVariable(side, 'Answers')
  return environment
}

/** The summands of a sum, each an expression; of what is no sum, itself. CEL has no sum of lists of different kinds. @throws ParseError */
export function splitSum(expression: string): string[] {
  return summandsOf(RECORD_ENVIRONMENT.parse(expression).ast)
}

function summandsOf(node: ASTNode): string[] {
  if (node.op !== '+') return [node.input.slice(node.range.start, node.range.end)]
  return node.args.flatMap(summandsOf)
}

/** A question's name as it is written in a hypothesis. */
export function celName(observation: string): string {
  return observation.replaceAll('-', '_')
}

function withAnswers(typeOf: () => string): Environment {
  const environment = new Environment()
  for (const side of SIDE_NAMES) environment.registerVariable(side, typeOf())
  return environment
}

function withRecord(): Environment {
  const environment = new Environment({ homogeneousAggregateLiterals: false })
  for (const [name, ctor] of Object.entries(CEL_CLASSES)) {
    const fields = CEL_FIELDS[name as keyof typeof CEL_FIELDS]
    environment.registerType(name, { ctor, fields })
  }
  for (const [name, type] of Object.entries(RECORD_VARIABLES)) environment.registerVariable(name, type)
  return environment
    .registerFunction('onNode(list<Pod>, string): list<Pod>', (pods: unknown[], node: string) =>
      pods.filter((pod) => isPodOnNode(pod, node)),
    )
    .registerFunction('running(list<Pod>): list<Pod>', (pods: unknown[]) => pods.filter(isRunningPod))
    .registerFunction('seconds(string, string): int', secondsBetween)
    .registerFunction('sum(list<int>): int', (values: bigint[]) => values.reduce((sum, value) => sum + value, 0n))
    .registerFunction('max(list<int>): int', (values: bigint[]) =>
      values.reduce((most, value) => (value > most ? value : most), values[0] ?? 0n),
    )
    .registerFunction('distinct(list<string>): list<string>', (values: string[]) => [...new Set(values)])
}

/** @throws RangeError when one is no time */
function secondsBetween(from: string, to: string): bigint {
  const milliseconds = Date.parse(to) - Date.parse(from)
  if (Number.isNaN(milliseconds)) throw new RangeError(`seconds(${from}, ${to}): not two times`)
  return BigInt(Math.floor(milliseconds / 1000))
}
