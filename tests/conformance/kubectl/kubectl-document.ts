/** docs/kubectl.md, from the cases. `npm run update:docs` writes it. */
import { tableHead, tableRow } from '../markdown-table.ts'
import type { Difference, KubectlCase, Transcript } from './kubectl-case.ts'
import { KUBECTL_CASES } from './kubectl-cases.ts'

export const KUBECTL_DOCUMENT = 'docs/kubectl.md'

/** More lines than these are counted, not shown. */
const SHOWN_LINES = 8
const SHOWN_CHARACTERS = 240

const INTRODUCTION = `# kubectl with a lab

\`node-lab up --control-plane\` makes a cluster that the real \`kubectl\` works with. This page lists the commands that a test
(\`tests/conformance/kubectl\`) types into a real lab, with kubectl 1.32, at every change, and what they answer.

* **as recorded**: a real cluster was recorded with the same command: kubectl 1.32 with an API server 1.20.2. Output, errors,
  exit code, and each request with its status are the same.
* **differs**: so are they, but for the lines that are given, and why. That old version is not what Node Lab follows (1.32 to
  1.35), so many differences are right.
* **as expected**: there is no recording; what is printed is given, and the test holds us to it.

Times, ages, ids, addresses, ports, versions, image references and widths of columns are not compared: they are
the words in capitals. \`stderr:\` stands before what is printed as an error, \`exit N\` before an exit code other than 0. A command
that goes on for ever was *interrupted* when it had shown enough. Requests for discovery are left out.

Names that controllers make up are those of the recording: \`d1-56vxv\` is the pod of \`d1\` on node02, \`d1-jd59k\` that on node01,
and so are the hashes of the first two revisions; others are \`HASH\` and \`POD\`. That \`rollout status\` says the same again is left out.
`

function code(lines: Transcript): string {
  if (lines.length > SHOWN_LINES)
    return `${code(lines.slice(0, SHOWN_LINES - 2))}<br>… ${lines.length - SHOWN_LINES + 2} more lines`
  return lines.map((line) => `\`\` ${shorten(line.trimStart())} \`\``).join('<br>')
}

function shorten(line: string): string {
  const text = line.replaceAll('\t', ' ')
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`
}

function renderDifference({ reason, recorded = [], ours = [] }: Difference): string {
  return [
    reason,
    ...(ours.length === 0 ? [] : [`*ours:* ${code(ours)}`]),
    ...(recorded.length === 0 ? [] : [`*recorded:* ${code(recorded)}`]),
  ].join('<br>')
}

function renderVerdict({ expected }: KubectlCase): string {
  if ('prints' in expected || 'printsInAnyOrder' in expected || 'shows' in expected) return 'as expected'
  return `${expected.differs === undefined ? 'as recorded' : 'differs'} (\`${expected.recording}\`)`
}

function renderAnswer({ expected, remark, interrupted }: KubectlCase): string {
  const parts: string[] = []
  if ('printsInAnyOrder' in expected) parts.push(code(expected.printsInAnyOrder))
  if ('prints' in expected) parts.push(expected.prints.length === 0 ? 'nothing' : code(expected.prints))
  if ('shows' in expected) parts.push(`among other lines: ${code(expected.shows)}`)
  if ('differs' in expected) parts.push(...(expected.differs ?? []).map(renderDifference))
  if (interrupted?.meanwhile !== undefined) parts.push(`*meanwhile:* ${code([interrupted.meanwhile])}`)
  if (interrupted !== undefined) parts.push('*interrupted*')
  if (remark !== undefined) parts.push(remark)
  return parts.join('<br>')
}

function renderRow(one: KubectlCase): string {
  const given = one.given === undefined ? '' : `given ${one.given}:<br>`
  return tableRow([`${given}${code([one.command])}`, renderVerdict(one), renderAnswer(one)])
}

function renderCounts(): string {
  const verdicts = KUBECTL_CASES.flatMap(({ cases }) => cases.map((one) => renderVerdict(one).replace(/ \(.*/, '')))
  const count = (verdict: string): number => verdicts.filter((other) => other === verdict).length
  return `${verdicts.length} commands: ${count('as recorded')} as recorded, ${count('differs')} differ, ${count('as expected')} as expected.\n`
}

/** The whole page. */
export function renderKubectlDocument(): string {
  const groups = KUBECTL_CASES.map(({ title, cases }) =>
    [`## ${title}`, '', ...tableHead(['command', 'verdict', 'answer']), ...cases.map(renderRow), ''].join('\n'),
  )
  return [INTRODUCTION, renderCounts(), ...groups].join('\n')
}
