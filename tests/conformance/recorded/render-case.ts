/** Recorded cases as rows of a page. */
import { titleOf } from '../cri-case.ts'
import { tableHead, tableRow } from '../markdown-table.ts'
import type { Citation, Findings, RecordedCase, RecordedExpectation, Source, Step } from './recorded-case.ts'

/** What the rows of a suite need to know of it. */
export interface CasePage<Kind extends string, WorldName extends string> {
  kinds: readonly Kind[]
  /** Worlds in which the timings of a case are compared. */
  worldsOfTimings(one: Pick<RecordedCase<Kind, never, WorldName>, 'worlds' | 'alone'>): readonly WorldName[]
}

/** A heading and the table of its cases. */
export function renderCases<Kind extends string, WorldName extends string>(
  title: string,
  cases: readonly RecordedCase<Kind, never, WorldName>[],
  page: CasePage<Kind, WorldName>,
): string {
  const columns = ['case', 'expected', 'observed', 'verdict', 'source']
  return [`## ${title}`, '', ...tableHead(columns), ...cases.map((one) => caseRow(one, page)), ''].join('\n')
}

export function renderSource(source: Source): string {
  if ('suite' in source) return `\`${source.suite}\`: ${source.test}`
  return [`§${source.section}`, ...source.recordings.map((file) => `\`${file}\``)].join(', ')
}

function caseRow<Kind extends string, WorldName extends string>(
  one: RecordedCase<Kind, never, WorldName>,
  page: CasePage<Kind, WorldName>,
): string {
  const timed = page.worldsOfTimings(one)
  const whereTimed = timed.length === one.worlds.length ? '' : ` (on the ${timed.join(', ')} only)`
  const render = (expectation: RecordedExpectation<Kind>): string =>
    renderExpectation(expectation, page.kinds, whereTimed)
  return tableRow([
    `${titleOf(one)}${one.adapted === undefined ? '' : `<br>*adapted*: ${one.adapted}`}`,
    render(one.recorded),
    renderObserved(one, render),
    renderVerdict(one),
    renderSource(one.source),
  ])
}

function renderStep(step: Step): string {
  if (typeof step === 'string') return step
  if ('brief' in step) return `(${step.brief})`
  if ('passing' in step) return `⟨${step.passing}⟩`
  return `{${step.join(', ')}}`
}

/** @param whereTimed said of each timing */
function renderExpectation<Kind extends string>(
  expectation: RecordedExpectation<Kind>,
  kinds: readonly Kind[],
  whereTimed: string,
): string {
  const parts: string[] = []
  for (const kind of kinds) {
    const steps: readonly Step[] | undefined = expectation[kind]
    if (steps !== undefined)
      parts.push(`*${kind}*: ${steps.length === 0 ? 'nothing' : steps.map(renderStep).join(' → ')}`)
  }
  parts.push(...renderFindings(expectation.findings ?? {}))
  for (const { to, seconds } of expectation.timings ?? []) parts.push(`*until “${to}”*: ${seconds} s${whereTimed}`)
  return parts.join('<br>')
}

function renderFindings(findings: Findings): string[] {
  return Object.entries(findings).map(([name, value]) => `*${name}*: ${renderValue(value)}`)
}

function renderValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.map(renderValue).join(', ')
  return typeof value === 'string' ? value.replaceAll('\n', '\\n') : JSON.stringify(value)
}

/** Only what is another than recorded: lines by themselves, other parts as a whole. */
function renderObserved<Kind extends string>(
  { differs = [], recorded, source }: RecordedCase<Kind, never, string>,
  render: (expectation: RecordedExpectation<Kind>) => string,
): string {
  const parts = differs.flatMap(({ lines = {}, finds = {}, instead, uncompared = [] }) => [
    ...Object.entries(lines).map(([line, ours]) => `“${ours}” for “${line}”`),
    ...renderFindings(finds),
    ...(instead === undefined ? [] : [render(withoutSame(instead, recorded))]),
    ...uncompared.map((kind) => `*${kind}*: not compared`),
  ])
  return parts.length === 0 ? renderAgreement(source) : parts.join('<br>')
}

function renderAgreement(source: Source): string {
  if ('suite' in source) return 'as expected'
  return source.recordings.length === 0 ? 'as the report says' : 'as recorded'
}

function withoutSame<Kind extends string>(
  instead: RecordedExpectation<Kind>,
  recorded: RecordedExpectation<Kind>,
): RecordedExpectation<Kind> {
  const findings = Object.entries(instead.findings ?? {}).filter(
    ([name, value]) => !isSame(value, recorded.findings?.[name]),
  )
  return { ...instead, ...(findings.length === 0 ? {} : { findings: Object.fromEntries(findings) }) }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function renderCitation(because: Citation): string {
  if ('facts' in because) return `facts ${because.facts}`
  if ('since' in because) return `since ${because.since}`
  if ('anomaly' in because) return `§${because.anomaly} calls it an anomaly`
  return `decision “${because.decision}”`
}

function renderVerdict({ differs = [], worlds }: RecordedCase<string, never, string>): string {
  const where = worlds.join(', ')
  if (differs.length === 0) return `same (${where})`
  const reasons = differs.map(({ reason, because }) => `${reason} (${renderCitation(because)})`)
  return `differs (${where}): ${reasons.join(' ')}`
}
