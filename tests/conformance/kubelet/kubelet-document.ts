/** docs/conformance.md, from the cases. `npm run update:docs` writes it. */
import { loadInvalidFileCases } from '../../golden/invalid-files.ts'
import type { InvalidFileCase } from '../../golden/invalid-files.ts'
import { titleOf } from '../cri-case.ts'
import { tableHead, tableRow } from '../markdown-table.ts'
import { ANOMALIES } from './anomalies.ts'
import type { Citation, Expectation, KubeletCase, Source, Step } from './kubelet-case.ts'
import { KUBELET_CASES } from './kubelet-cases.ts'
import { NOT_SHOWN } from './not-shown.ts'
import { TRACE_KINDS } from './trace.ts'
import { UPSTREAM_ASSERTIONS } from './upstream-assertions.ts'

export const KUBELET_DOCUMENT = 'docs/conformance.md'

const INTRODUCTION = `# Kubelet conformance

A real kubelet, 1.20.2 without a kube-apiserver, was recorded: what its list of pods said, which containers and sandboxes its
runtime made, signalled and lost, which events it made. Each recorded case is a test of ours: the same manifest, the same
steps, the same sequence. Recordings are older than the Kubernetes that Node Lab follows (1.32 to 1.35), so a difference may be
right; then it says why, and the test holds us to what we do instead.

The cases are in \`tests/conformance/kubelet\`, and this page is printed from them (\`npm run update:docs\`).

* \`npx vitest run --project unit tests/conformance/kubelet\`: on the *clock*, which is a fake one, with the simulated runtime.
* \`npx vitest run --project engine tests/conformance/kubelet\`: on the *engine*, on a node with real containers.
* \`npx vitest run --project full tests/full\`: what takes minutes there (*full*).

How to read a sequence: \`a → b\` is an order; \`{a, b}\` may come in any order; what is in \`(…)\` may be too short to be seen.
*states* are the lines of the kubelet's list of pods: phase, readiness (\`unready [c]\` stands for the reason
\`ContainersNotReady\` with \`containers with unready status: [c]\`), then each container. *runtime* is what happened to
sandboxes and containers, with their attempt numbers. *events* are Kubernetes events. In messages, \`POD\` stands for the name,
namespace and uid of the pod. A part that is not given was not compared.

“as recorded” means: the same on every world that is named. Timings are what was recorded; on the clock ours may not be longer,
on a busy real machine not many times longer. Sections (§) are those of the recording's report, names in \`code\` are its files,
and “facts” are items of the project's sheet of what current versions do.
`

function renderStep(step: Step): string {
  if (typeof step === 'string') return step
  if ('brief' in step) return `(${step.brief})`
  if ('passing' in step) return step.passing
  return `{${step.join(', ')}}`
}

function renderExpectation(expectation: Expectation): string {
  const parts: string[] = []
  for (const kind of TRACE_KINDS) {
    const steps = expectation[kind]
    if (steps !== undefined)
      parts.push(`*${kind}*: ${steps.length === 0 ? 'nothing' : steps.map(renderStep).join(' → ')}`)
  }
  for (const [name, value] of Object.entries(expectation.findings ?? {})) parts.push(`*${name}*: ${renderValue(value)}`)
  for (const { to, seconds } of expectation.timings ?? []) parts.push(`*until “${to}”*: ${seconds} s`)
  return parts.join('<br>')
}

function renderValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.map(renderValue).join(', ')
  return typeof value === 'string' ? value.replaceAll('\n', '\\n') : JSON.stringify(value)
}

/** Only what is another than recorded: lines by themselves, other parts as a whole. */
function renderObserved(one: KubeletCase): string {
  const parts = (one.differs ?? []).flatMap(({ lines = {}, instead }) => [
    ...Object.entries(lines).map(([recorded, ours]) => `“${ours}” for “${recorded}”`),
    ...(instead === undefined ? [] : [renderExpectation(withoutSame(instead, one.recorded))]),
  ])
  return parts.length === 0 ? 'as recorded' : parts.join('<br>')
}

function withoutSame(instead: Expectation, recorded: Expectation): Expectation {
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
  if ('anomaly' in because) return `§${because.anomaly} calls it an anomaly`
  return because.decision
}

function renderVerdict({ differs = [], worlds }: KubeletCase): string {
  const where = worlds.join(', ')
  if (differs.length === 0) return `same (${where})`
  const reasons = differs.map(({ reason, because }) => `${reason} (${renderCitation(because)})`)
  return `differs (${where}): ${reasons.join(' ')}`
}

function renderSource(source: Source): string {
  if ('suite' in source) return `\`${source.suite}\`: ${source.test}`
  return [`§${source.section}`, ...source.recordings.map((file) => `\`${file}\``)].join(', ')
}

function caseRow(one: KubeletCase): string {
  return tableRow([
    titleOf(one),
    renderExpectation(one.recorded),
    renderObserved(one),
    renderVerdict(one),
    renderSource(one.source),
  ])
}

function invalidFileRow({ title, file, expected, runtime, facts, differs }: InvalidFileCase): string {
  const decision = expected.state === 'accepted' ? `pod ${expected.pod ?? ''}` : (expected.message ?? expected.state)
  return tableRow([
    `${title} (\`${file}\`)`,
    `${expected.state}: ${decision}${runtime === undefined ? '' : `; ${runtime}`}`.replaceAll('\n', ' '),
    differs === undefined
      ? 'same (clock, engine)'
      : `differs: ${differs}${facts === undefined ? '' : ` (facts ${facts})`}`,
  ])
}

/** The whole page. */
export function renderKubeletDocument(): string {
  const columns = ['case', 'expected', 'observed', 'verdict', 'source']
  const groups = KUBELET_CASES.map(({ title, cases }) =>
    [`## ${title}`, '', ...tableHead(columns), ...cases.map(({ case: one }) => caseRow(one)), ''].join('\n'),
  )
  const files = [
    '## What may lie in the folder',
    '',
    'Recorded in `05-invalid-files.txt` (§5); `tests/golden/invalid-files` has each file with the decision, its words and what is observed.',
    '',
    ...tableHead(['case', 'decision', 'verdict']),
    ...loadInvalidFileCases().map(invalidFileRow),
    '',
  ].join('\n')
  const anomalies = [
    '## Races and anomalies that are not copied',
    '',
    ...tableHead(['what 1.20.2 was recorded doing', 'what our kubelet does', 'source']),
    ...ANOMALIES.map(({ recorded, ours, section }) => tableRow([recorded, ours, `§${section}`])),
    '',
  ].join('\n')
  const upstream = [
    '## What upstream asserts of static pods in its node e2e suites',
    '',
    ...tableHead(['suite', 'test', 'shown by']),
    ...UPSTREAM_ASSERTIONS.map(({ suite, test, shownBy }) => tableRow([`\`${suite}\``, test, shownBy])),
    '',
  ].join('\n')
  const notShown = [
    '## Not shown',
    '',
    ...tableHead(['recorded', 'why it is not shown', 'source']),
    ...NOT_SHOWN.map(({ recorded, why, source }) => tableRow([recorded, why, renderSource(source)])),
    '',
  ].join('\n')
  return [INTRODUCTION, ...groups, files, anomalies, upstream, notShown].join('\n')
}
