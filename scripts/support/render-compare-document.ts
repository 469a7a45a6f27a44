/** docs/compare.md: the table of differences as it was observed in one lab, and the experiments that filled it. Pure. */
import type { FilledRow } from '../../src-main/common/experiments/comparison-table.ts'
import { SIDE_NAMES, type ComparisonRow, type Experiment } from '../../src-main/common/experiments/experiment.ts'
import { computeAnswerWords, TABLE_WORDS } from '../../src-main/common/experiments/table-words.ts'

export const COMPARE_DOCUMENT = 'docs/compare.md'

export interface ObservedLab {
  experiments: readonly Experiment[]
  table: readonly FilledRow[]
  /** Such as `2026-11-27`. */
  date: string
  /** What it was observed on: `Node Lab 0.1.0, two workers and a control plane, Docker 26.1.5`. */
  setting: string
}

export function renderCompareDocument({ experiments, table, date, setting }: ObservedLab): string {
  const { sides } = TABLE_WORDS.en
  return [
    '# Static pods and DaemonSets, by experiment',
    '',
    'The same small agent runs as a static pod on every worker, as a DaemonSet, and as a Deployment beside them. Each experiment does the same',
    'to all of them and writes down what it saw: nothing in this table was typed. A difference that was not observed would be an empty cell.',
    '',
    `Observed on ${date} with \`npm run update:compare\`: ${setting}.`,
    '',
    '## On a lab of your own',
    '',
    'In the window it is the page [Compare](window.md#compare). On the command line:',
    '',
    '```',
    'npm run -s node-lab -- up --control-plane',
    'npm run -s node-lab -- experiment list                    # what there is; list NAME: its question and guesses',
    'npm run -s node-lab -- experiment run delete-pod          # --guess NAME, --deployment for the third side',
    'npm run -s node-lab -- experiment results                 # and show RESULT, with the evidence whole',
    'npm run -s node-lab -- experiment table                   # as text, Markdown, HTML or JSON',
    '```',
    '',
    'The agents come and go with each run; `experiment set-up` puts them there to stay, and `remove` takes them away. Ctrl+C ends a run early and puts the',
    'lab back. So does the next command that looks at experiments, or `experiment restore`, when a run was killed. Add `--lab NAME` where you have several.',
    '',
    '## The table',
    '',
    tableLine(['', ...SIDE_NAMES.map((side) => sides[side])]),
    tableLine(['---', ...SIDE_NAMES.map(() => '---')]),
    ...table.map(renderRow),
    '',
    '"Ignored by the kube-scheduler" means two things. Up to Kubernetes 1.11 nobody scheduled the pods of a DaemonSet, as nobody schedules static',
    'pods to this day; since 1.12 the kube-scheduler binds them, and only the second meaning is left to them: a cordoned node is open for them.',
    '[daemonsets.md](daemonsets.md) has a switch to see the old way.',
    '',
    '## The experiments',
    '',
    'Each is a file in `resources/experiments`: its steps, its questions as expressions in CEL over what was seen, what Kubernetes is known to',
    'do, and words in English and Korean. After it, the lab is put back. In brackets is where an expectation comes from: an item of the list of facts about',
    'Kubernetes that this project was built by, and recordings of a real kubelet and a real cluster. Neither is part of the repository.',
    ...experiments.flatMap(renderExperiment),
    '',
  ].join('\n')
}

/** As the document has them in its first column. */
export function rowTitle({ title }: ComparisonRow): string {
  return title.en
}

function renderRow({ row, cells }: FilledRow): string {
  const answers = SIDE_NAMES.map((side) =>
    computeAnswerWords(
      cells.find((cell) => cell.side === side),
      'en',
    )
      .map(({ answer, isAgainst }) => (isAgainst ? `**${TABLE_WORDS.en.against}:** ${answer}` : answer))
      .join('<br>'),
  )
  return tableLine([rowTitle(row), ...answers])
}

function renderExperiment({ name, title, question, explanation, observations, seconds }: Experiment): string[] {
  return [
    '',
    `### ${title.en}`,
    '',
    `\`node-lab experiment run ${name}\`, about ${seconds} seconds. ${question.en}`,
    '',
    explanation.en,
    '',
    ...observations.map(({ text, source }) => `* ${text.en} (${source})`),
  ]
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`
}
