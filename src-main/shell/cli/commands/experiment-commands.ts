/** `experiment list|run|results|show|table|state|restore|set-up|remove`: static pods and DaemonSets compared by what is observed. */
import { Option, type Command } from 'commander'
import { toDisposable, type Disposable } from '../../../base/disposable.ts'
import { computeTable } from '../../../common/experiments/compute-table.ts'
import type { ComparisonState, ExperimentResult } from '../../../common/experiments/experiment-run.ts'
import type { Experiment, Hypothesis } from '../../../common/experiments/experiment.ts'
import { renderTableHtml } from '../../../common/experiments/render-table-html.ts'
import { renderTableMarkdown } from '../../../common/experiments/render-table-markdown.ts'
import { LabError } from '../../../common/lab-error.ts'
import type { ExperimentService } from '../../../lab/experiments/experiment-service.ts'
import { closestWord } from '../../../common/manifest/closest-word.ts'
import type { CommandContext } from '../context.ts'
import { EXIT_AGAINST, EXIT_FAILED, EXIT_INTERRUPTED, UsageError } from '../exit-codes.ts'
import { formatDifferences } from '../format-experiment-table.ts'
import {
  describeEnd,
  formatExperiment,
  formatExperiments,
  formatOpening,
  formatResult,
  formatResults,
} from '../format-experiment.ts'
import { AS_BEFORE, putBackCutShort, warnOfCutShort } from './cut-short.ts'
import { withLab, type LabOption } from './lab-option.ts'

interface JsonOption {
  json?: boolean
}

interface RunOptions extends LabOption, JsonOption {
  guess?: string
  deployment?: boolean
}

interface TableOptions extends LabOption {
  format: 'text' | 'markdown' | 'html' | 'json'
  language: 'en' | 'ko'
}

export function addExperimentCommands(program: Command, context: CommandContext): void {
  const group = program
    .command('experiment')
    .description('the same done to a static pod and a DaemonSet, and what was observed of both')
  group
    .command('list')
    .argument('[name]', 'one of them, with its guesses')
    .description('experiments, about how long each takes, and its question')
    .option('--json', 'print them as JSON, with guesses, steps and observations')
    .action((name: string | undefined, options: JsonOption) => list(context, name, options))
  withLab(group.command('run').argument('<name>', 'as `experiment list` has it'))
    .description(
      'run one on a lab with a control plane, and put the lab back (exit code 4: it went against the expectation)',
    )
    .option('--guess <hypothesis>', 'choose one of its guesses first, by its name')
    .addHelpText(
      'after',
      '\n`node-lab experiment list NAME` shows its question, its guesses and about how long it takes.',
    )
    .option('--deployment', 'a Deployment as a third side')
    .option('--json', 'print the result as JSON')
    .action((name: string, options: RunOptions) => run(context, name, options))
  withLab(group.command('results'))
    .description('what was run in this lab, the newest first')
    .option('--json', 'print them as JSON')
    .action(async ({ lab, json }: LabOption & JsonOption) => {
      await warnOfCutShort(context, lab)
      const results = await (await context.experiments()).results(lab)
      print(context, json === true ? [toJson(results)] : formatResults(results))
    })
  withLab(group.command('show').argument('<result>', 'as `experiment results` has it'))
    .description('one result with all its evidence')
    .option('--json', 'print it as JSON')
    .action((id: string, options: LabOption & JsonOption) => show(context, id, options))
  addTable(group, context)
  withLab(group.command('state'))
    .description('whether the agents are there')
    .action(async ({ lab }: LabOption) => {
      await putBackCutShort(context, lab)
      tellAgents(context, await (await context.experiments()).state(lab))
    })
  withLab(group.command('restore'))
    .description('put back what an experiment has changed that died before its end')
    .action(({ lab }: LabOption) => restore(context, lab))
  withLab(group.command('set-up'))
    .description('put the agents on all nodes, to stay until they are removed')
    .option('--deployment', 'a Deployment too')
    .action(async ({ lab, deployment }: LabOption & { deployment?: boolean }) => {
      const service = await context.experiments()
      tellAgents(context, await service.setUp(lab, { deployment: deployment === true }))
    })
  withLab(group.command('remove'))
    .description('take the agents away')
    .action(async ({ lab }: LabOption) => {
      tellAgents(context, await (await context.experiments()).remove(lab))
    })
}

function addTable(group: Command, context: CommandContext): void {
  withLab(group.command('table'))
    .description('the table of differences, as far as it was observed in this lab')
    .addOption(
      new Option('--format <format>', 'what it is written as')
        .choices(['text', 'markdown', 'html', 'json'])
        .default('text'),
    )
    .addOption(new Option('--language <language>', 'of its words').choices(['en', 'ko']).default('en'))
    .action((options: TableOptions) => printTable(context, options))
}

async function list(context: CommandContext, name: string | undefined, { json }: JsonOption): Promise<void> {
  const { experiments: all } = await (await context.experiments()).list()
  if (name === undefined) return print(context, json === true ? [toJson(all)] : formatExperiments(all))
  const experiment = findExperiment(all, name)
  print(context, json === true ? [toJson(experiment)] : formatExperiment(experiment))
}

async function run(context: CommandContext, name: string, options: RunOptions): Promise<void> {
  const { terminal, signal } = context
  const service = await context.experiments()
  const { experiments } = await service.list()
  const experiment = findExperiment(experiments, name)
  checkGuess(experiment, options.guess)
  const wishes = {
    ...(options.guess !== undefined && { hypothesis: options.guess }),
    ...(options.deployment === true && { deployment: true }),
    onProgress: terminal.progress,
    signal,
  }
  const telling = options.json === true ? undefined : tellRun(context, { service, experiment, lab: options.lab })
  let result: ExperimentResult
  try {
    result = await context.untilPutBack(service.run(options.lab, name, wishes))
  } finally {
    await telling?.dispose()
  }
  print(context, options.json === true ? [toJson(result)] : await formatRun(result, experiment))
  const exitCode = computeExitCode(result)
  if (exitCode !== undefined) context.exitWith(exitCode)
}

/** Says what is asked once the run has begun, and at once that it is cancelled. */
function tellRun(
  { terminal, signal }: CommandContext,
  { service, experiment, lab }: { service: ExperimentService; experiment: Experiment; lab: string },
): Disposable {
  let hasBegun = false
  const onAborted = (): void => {
    if (hasBegun) terminal.note('Cancelled: putting the lab back ...')
  }
  signal.addEventListener('abort', onAborted, { once: true })
  const subscription = service.subscribe({
    onComparisonChanged: ({ run }) => {
      if (hasBegun || run?.lab !== lab) return
      hasBegun = true
      for (const line of formatOpening(experiment, run.target)) terminal.note(line)
    },
  })
  return toDisposable(() => {
    signal.removeEventListener('abort', onAborted)
    void subscription.dispose()
  })
}

/** The explanation comes last: it has the answer in it. */
async function formatRun(result: ExperimentResult, experiment: Experiment): Promise<string[]> {
  const closing = result.notRestored === undefined ? ['', AS_BEFORE] : []
  if (result.outcome !== 'finished') return [...describeEnd(result), ...closing]
  const held = await guessesThatHeld(result, experiment)
  return [
    ...formatResult(result, { experiment, evidence: 'last', held }),
    '',
    'Why it is worth seeing',
    `  ${experiment.explanation.en}`,
    ...closing,
  ]
}

/** CEL is loaded only for results that have a guess which was wrong. */
async function guessesThatHeld(result: ExperimentResult, experiment: Experiment | undefined): Promise<Hypothesis[]> {
  if (experiment === undefined || result.hypothesis?.held !== false) return []
  const { computeHypothesis } = await import('../../../lab/experiments/compute-observed.ts')
  return experiment.hypotheses.filter(({ name }) => computeHypothesis(experiment, name, result.sides)?.held === true)
}

async function restore(context: CommandContext, lab: string): Promise<void> {
  const service = await context.experiments()
  const result = await context.untilPutBack(service.restore(lab))
  if (result === undefined) return context.terminal.print('There is nothing to put back.')
  print(context, describeEnd(result))
  if (result.notRestored === undefined) context.terminal.print(AS_BEFORE)
  else context.exitWith(EXIT_FAILED)
}

/** @returns `undefined` when all was answered as expected, and the lab is as before */
function computeExitCode({ outcome, notRestored, sides }: ExperimentResult): number | undefined {
  if (notRestored !== undefined) return EXIT_FAILED
  switch (outcome) {
    case 'cancelled':
      return EXIT_INTERRUPTED
    case 'failed':
    case 'restored-later':
      return EXIT_FAILED
    case 'finished': {
      const verdicts = new Set(sides.flatMap(({ observed }) => observed.map(({ verdict }) => verdict)))
      return verdicts.has('against') ? EXIT_AGAINST : verdicts.has('unanswered') ? EXIT_FAILED : undefined
    }
  }
}

async function show(context: CommandContext, id: string, { lab, json }: LabOption & JsonOption): Promise<void> {
  const service = await context.experiments()
  await warnOfCutShort(context, lab)
  const result = (await service.results(lab)).find((one) => one.id === id)
  if (result === undefined)
    throw new LabError({
      kind: 'NotFound',
      message: `the lab "${lab}" has no result "${id}"`,
      remedy: `See: node-lab experiment results --lab ${lab}`,
    })
  const { experiments } = await service.list()
  const experiment = experiments.find(({ name }) => name === result.experiment)
  if (json === true) return print(context, [toJson(result)])
  const held = await guessesThatHeld(result, experiment)
  print(context, formatResult(result, { experiment, evidence: 'whole', held }))
}

async function printTable(context: CommandContext, { lab, format, language }: TableOptions): Promise<void> {
  const service = await context.experiments()
  await warnOfCutShort(context, lab)
  const { experiments, rows } = await service.list()
  const results = await service.results(lab)
  const table = computeTable({ rows, experiments, results })
  const hasDeployment = table.some(({ cells }) =>
    cells.some(({ side, answers, against }) => side === 'deployment' && answers.length + against.length > 0),
  )
  const sides = hasDeployment ? (['static', 'daemonSet', 'deployment'] as const) : (['static', 'daemonSet'] as const)
  const options = { locale: language, lab, sides: [...sides] }
  switch (format) {
    case 'text':
      return print(context, formatDifferences(table, experiments, options))
    case 'markdown':
      return print(context, [renderTableMarkdown(table, options)])
    case 'html':
      return print(context, [renderTableHtml(table, options)])
    case 'json':
      return print(context, [toJson(table)])
  }
}

/** @throws UsageError for a name that none has */
function findExperiment(experiments: readonly Experiment[], name: string): Experiment {
  const experiment = experiments.find((one) => one.name === name)
  if (experiment !== undefined) return experiment
  const closest = closestWord(
    name,
    experiments.map((one) => one.name),
  )
  const meant = closest === undefined ? '' : ` Did you mean ${closest}?`
  throw new UsageError(`There is no experiment "${name}".${meant} See: node-lab experiment list`)
}

/** @throws UsageError for a guess that is none of the experiment's */
function checkGuess({ name, hypotheses }: Experiment, guess: string | undefined): void {
  if (guess === undefined || hypotheses.some((hypothesis) => hypothesis.name === guess)) return
  const known = hypotheses.map((hypothesis) => `  ${hypothesis.name}: ${hypothesis.text.en}`)
  throw new UsageError(`"${guess}" is no hypothesis of ${name}. These are:\n${known.join('\n')}`)
}

function tellAgents({ terminal }: CommandContext, state: ComparisonState): void {
  const { lab, namespace, staticFile, workload } = state
  switch (state.state) {
    case 'absent':
      terminal.print(`There are no agents in the lab "${lab}".`)
      break
    case 'partial':
      terminal.print(`Some of the agents are missing in the lab "${lab}".`)
      break
    case 'installed':
      terminal.print(
        `The agents are there: ${staticFile} on each worker, and ${workload} in the namespace ${namespace}.`,
      )
      break
  }
}

function print({ terminal }: CommandContext, lines: readonly string[]): void {
  for (const line of lines) terminal.print(line)
}

function toJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2)
}
