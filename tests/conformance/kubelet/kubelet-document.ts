/** docs/conformance.md, from the cases. `npm run update:docs` writes it. */
import { loadInvalidFileCases } from '../../golden/invalid-files.ts'
import type { InvalidFileCase } from '../../golden/invalid-files.ts'
import { renderClusterSection } from '../cluster/cluster-section.ts'
import { tableHead, tableRow } from '../markdown-table.ts'
import { ANOMALIES } from './anomalies.ts'
import { renderCases, renderSource } from '../recorded/render-case.ts'
import { DECISIONS } from './decisions.ts'
import { KUBELET_CASES } from './kubelet-cases.ts'
import { NOT_SHOWN } from './not-shown.ts'
import { LOAD_FACTOR, LOAD_SECONDS, worldsOfTimings } from './timing-limits.ts'
import { TRACE_KINDS } from './trace.ts'
import { UPSTREAM_ASSERTIONS } from './upstream-assertions.ts'

export const KUBELET_DOCUMENT = 'docs/conformance.md'

const INTRODUCTION = `# Kubelet conformance

You want to know whether what you see in a lab is what Kubernetes does. This page answers case by case: what a real kubelet was
recorded doing, and what ours was seen doing in the same situation, by a test that runs with every change. To look something up,
search for a word of it: \`OOMKilled\`, \`preStop\`, \`sed -i\`. Read a row from the left: the situation, what a real kubelet did, what
ours does, the verdict, and where the recording or the rule is from. The words of the verdict:

* **same**: you may rely on it; a real node does this too, down to reasons, messages and exit codes.
* **differs**: a real node of that old version did something else, and what follows says why ours does not: newer versions do as ours
  (facts), the recording shows a race or a fault that is not worth copying (§), or a decision of ours, which has a table of its own below.
* *clock*, *engine*, *full* in brackets: where the test runs. \`engine\` and \`full\` are real containers.

## How it was made

A real kubelet, 1.20.2 without a kube-apiserver, was recorded: what its list of pods said, which containers and sandboxes its
runtime made, signalled and lost, which events it made. Each recorded case is a test of ours: the same pod, the same steps, the
same sequence. Our containers run another busybox, print nothing that nobody reads, and say when they have set their traps,
which the steps wait for, and pauses between steps are shorter; whatever else of a pod or of the steps is another one is told as
*adapted*. Recordings are older than the Kubernetes that Node Lab follows (1.32 to 1.35), so a difference may be right; then it
says why, and the test holds us to what we do instead.

The cases are in \`tests/conformance/kubelet\`, and this page is printed from them (\`npm run update:docs\`).

* \`npx vitest run --project unit tests/conformance/kubelet\`: on the *clock*, which is a fake one, with the simulated runtime.
* \`npx vitest run --project engine tests/conformance/kubelet\`: on the *engine*, on a node with real containers.
* \`npx vitest run --project full tests/full\`: what takes minutes there (*full*).

How to read a sequence: \`a → b\` is an order; \`{a, b}\` may come in any order; \`(a)\` may be too short to be seen; \`⟨a⟩\` has to
be seen on the clock, and a real node, which tells of changes ten times a second, may pass over it.
*states* are the lines of the kubelet's list of pods: phase, readiness (\`unready [c]\` stands for the reason
\`ContainersNotReady\` with \`containers with unready status: [c]\`), then each container. *runtime* is what happened to
sandboxes and containers, with their attempt numbers. *events* are Kubernetes events. In messages, \`POD\` stands for the name,
namespace and uid of the pod. A part that is not given was not compared.

“as recorded” means: the same on every world that is named. “as the report says” means so too, where the recording's report is
all there is, and no file beside it; “as expected”, where a test of upstream's says what has to be. Sections (§) are those of
the report, names in \`code\` are its files, and “facts” are items of the project's sheet of what current versions do.

Timings are what was recorded, or the 20 s between two listings of the folder where only those decide. On the clock ours may
not be longer. On a real node they are compared in cases that run there by themselves, and ours may be ${LOAD_FACTOR} times as long and
${LOAD_SECONDS} s more; others say that they are compared on the clock only.

## What is not compared

* **Moments of a real node**: that a container is shown as \`waiting ContainerCreating\` with a \`last\` run, unless the case expects
  it. A busy engine shows that between any two runs; the recorded listings, one each second, never met it.
* **Of a status**: times, ids, addresses and images; \`Initialized\` and \`PodScheduled\` when they are True; messages that only repeat
  what a line says; what 1.20.2 did not have (\`PodReadyToStartContainers\`, \`hostIPs\`). “Pods as objects” compares whole
  objects, one for each kind of state. In messages, uids, names, ids and addresses are replaced by words.
* **Of an event**: its type and its count, and the words of \`Pulled\`, \`Created\` and \`Started\`. “events, each once” is the order of
  their first appearance. What Node Lab tells in its timeline beyond Kubernetes events is left out.
* **Of the runtime**: that containers are made and removed, pulls, signals to sandboxes and their exit codes, and commands that
  are not hooks.
* **\`gone\`** of a pod whose place another one of its name takes: the recorder went by names and has no such line, we go by uids.
`

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
  const groups = KUBELET_CASES.map(({ title, cases }) =>
    renderCases(
      title,
      cases.map(({ case: one }) => one),
      { kinds: TRACE_KINDS, worldsOfTimings },
    ),
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
  const decisions = [
    '## Decisions of ours',
    '',
    ...tableHead(['decision', 'what upstream does', 'what our kubelet does', 'why']),
    ...DECISIONS.map(({ name, upstream, ours, why, source }) => tableRow([name, `${upstream} (${source})`, ours, why])),
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
  return [INTRODUCTION, ...groups, files, anomalies, decisions, upstream, notShown, renderClusterSection()].join('\n')
}
