/** One experiment from its YAML: the fields of `Experiment` but its name, which is the file's. */
import {
  SIDE_NAMES,
  type Answer,
  type Experiment,
  type ExperimentAction,
  type ExperimentComponent,
  type ExperimentStep,
  type Hypothesis,
  type LocalText,
  type Observation,
  type SideName,
} from '../../common/experiments/experiment.ts'
import { ExpressionChecker } from './expression-checker.ts'
import type { YamlField } from './yaml-field.ts'

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const NAME_REMEDY = 'Write small letters and digits there, with hyphens between words.'
/** It is a name in CEL. */
const LOOK = /^[a-z][A-Za-z0-9]*$/

const COMPONENTS: readonly ExperimentComponent[] = ['kube-apiserver', 'kube-scheduler', 'kube-controller-manager']

/** What each action is told besides its name. */
const PARAMETERS = {
  'delete-pod': [],
  'crash-container': [],
  edit: ['edition'],
  'set-image': ['image'],
  'roll-back': [],
  'refer-to-config-map': [],
  'remove-definition': [],
  'make-definition': [],
  'stop-component': ['component'],
  'start-component': ['component'],
  'add-node': [],
  'stop-kubelet': [],
  'start-kubelet': [],
  'power-off': [],
  'power-on': [],
  taint: ['effect'],
  untaint: [],
  cordon: [],
  uncordon: [],
  drain: [],
} as const satisfies Record<ExperimentAction['act'], readonly string[]>

const ACTS = Object.keys(PARAMETERS) as ExperimentAction['act'][]

/** @throws BadRequest. @param rows names of the table's rows */
export function decodeExperiment(name: string, file: YamlField, rows: readonly string[]): Experiment {
  const fields = file.fields([
    ...(['title', 'question', 'explanation', 'seconds', 'workers', 'hypotheses', 'steps', 'observations'] as const),
  ])
  const checker = new ExpressionChecker()
  const steps = fields.steps.items(1).map((step) => decodeStep(step, checker))
  const observations = fields.observations.items(1).map((one) => decodeObservation(one, rows, checker))
  return {
    name,
    title: fields.title.localText(),
    question: fields.question.localText(),
    explanation: fields.explanation.localText(),
    seconds: fields.seconds.integer(1),
    workers: fields.workers.integer(1),
    hypotheses: decodeHypotheses(fields.hypotheses, checker),
    steps,
    observations,
  }
}

/** A name that is not among those that were there before it. */
export function decodeName(field: YamlField, names: Set<string>): string {
  const name = field.matching(NAME, NAME_REMEDY)
  if (names.has(name)) field.fail(`is ${name} for the second time`, 'Give each a name of its own.')
  names.add(name)
  return name
}

function decodeHypotheses(list: YamlField, checker: ExpressionChecker): Hypothesis[] {
  const names = new Set<string>()
  return list.items(1).map((item) => {
    const { name, text, holds } = item.fields(['name', 'text', 'holds'])
    return { name: decodeName(name, names), text: text.localText(), holds: checker.hypothesis(holds) }
  })
}

function decodeStep(step: YamlField, checker: ExpressionChecker): ExperimentStep {
  if (step.has('act')) return decodeAction(step)
  if (step.has('wait')) {
    const { wait, atMostSeconds, text } = step.fields(['wait', 'atMostSeconds', 'text'])
    return { wait: checker.wait(wait), atMostSeconds: atMostSeconds.integer(1), text: text.localText() }
  }
  if (step.has('pauseSeconds')) {
    const { pauseSeconds, text } = step.fields(['pauseSeconds', 'text'])
    return { pauseSeconds: pauseSeconds.integer(1), text: text.localText() }
  }
  if (!step.has('look')) step.fail('is no step', 'Write act, wait, pauseSeconds or look there.')
  const { look } = step.fields(['look'])
  const name = look.matching(LOOK, 'Write letters and digits there, the first one small.')
  if (checker.looks.includes(name)) look.fail(`is ${name} for the second time`, 'Give each look a name of its own.')
  checker.looks.push(name)
  return { look: name }
}

function decodeAction(step: YamlField): ExperimentAction & { text: LocalText } {
  // Whatever else is there, the action decides what may be.
  const [, actField] =
    step.entries().find(([field]) => field === 'act') ?? step.fail('is no action', 'Write act there.')
  const act = actField.oneOf(ACTS)
  const text = (parameters: { text: YamlField }): LocalText => parameters.text.localText()
  switch (act) {
    case 'edit': {
      const parameters = step.fields(['act', 'text', ...PARAMETERS[act]])
      return { act, edition: parameters.edition.text(), text: text(parameters) }
    }
    case 'set-image': {
      const parameters = step.fields(['act', 'text', ...PARAMETERS[act]])
      return { act, image: parameters.image.text(), text: text(parameters) }
    }
    case 'stop-component':
    case 'start-component': {
      const parameters = step.fields(['act', 'text', ...PARAMETERS[act]])
      return { act, component: parameters.component.oneOf(COMPONENTS), text: text(parameters) }
    }
    case 'taint': {
      const parameters = step.fields(['act', 'text', ...PARAMETERS[act]])
      return { act, effect: parameters.effect.oneOf(['NoSchedule', 'NoExecute']), text: text(parameters) }
    }
    default:
      return { act, text: text(step.fields(['act', 'text'])) }
  }
}

function decodeObservation(item: YamlField, rows: readonly string[], checker: ExpressionChecker): Observation {
  const fields = item.fields(['name', 'text', 'value', 'evidence', 'expected', 'source'], ['words', 'row'])
  const name = decodeName(fields.name, checker.questions)
  const type = checker.answer(name, fields.value)
  const words = fields.words && decodeWords(fields.words, type)
  return {
    name,
    text: fields.text.localText(),
    value: fields.value.text(),
    evidence: checker.evidence(fields.evidence),
    expected: decodeExpected(fields.expected, type, words),
    source: fields.source.text(),
    ...(words !== undefined && { words }),
    ...(fields.row !== undefined && { row: decodeRow(fields.row, rows) }),
  }
}

function decodeRow(field: YamlField, rows: readonly string[]): string {
  const row = field.text()
  return rows.includes(row)
    ? row
    : field.fail(`is ${row}, which is no row`, 'Write a row of table.yaml there, or add it there.')
}

function decodeWords(field: YamlField, type: string): Record<string, LocalText> {
  if (type !== 'string' && type !== 'dyn')
    field.fail(`are words for an answer that is ${type}`, 'Take them out, or answer with a text.')
  return Object.fromEntries(field.entries().map(([answer, text]) => [answer, text.localText()]))
}

function decodeExpected(
  field: YamlField,
  type: string,
  words: Record<string, LocalText> | undefined,
): Partial<Record<SideName, Answer>> {
  const expected: Partial<Record<SideName, Answer>> = {}
  const fields = field.fields([], SIDE_NAMES)
  for (const side of SIDE_NAMES) {
    const answer = fields[side]?.answer()
    if (answer === undefined) continue
    if (!canBe(answer, type))
      fields[side]?.fail(`is no answer of type ${type}, which the CEL gives`, 'Write one that the CEL can give.')
    if (typeof answer === 'string' && words !== undefined && !(answer in words))
      fields[side]?.fail(`is ${answer}, for which there are no words`, 'Add it to words.')
    expected[side] = answer
  }
  return expected
}

/** @param type of CEL */
function canBe(answer: Answer, type: string): boolean {
  switch (type) {
    case 'bool':
      return typeof answer === 'boolean'
    case 'int':
      return Number.isInteger(answer)
    case 'double':
      return typeof answer === 'number'
    case 'string':
      return typeof answer === 'string'
    default:
      return true
  }
}
