/** docs/cri-conformance.md, from the cases and the differences. `npm run update:docs` writes it. */
import { titleOf } from './cri-case.ts'
import { CASES } from './cri-cases.ts'
import type { CaseId, NumberedCase } from './cri-cases.ts'
import { RUNTIME_NAMES } from './cri-subject.ts'
import type { RuntimeName } from './cri-subject.ts'
import { DIFFERENCES } from './differences.ts'
import { tableHead, tableRow } from './markdown-table.ts'

export const CONFORMANCE_DOCUMENT = 'docs/cri-conformance.md'

const COLUMN_OF: Record<RuntimeName, string> = {
  simulated: 'simulated',
  docker: 'Docker service',
  containerd: 'containerd',
}

const INTRODUCTION = `# CRI conformance

Node Lab has two container runtimes that speak the Container Runtime Interface: the runtime service in front of the
container engine (\`src-main/container-runtime/docker\`) and the simulated one (\`src-main/container-runtime/simulated\`). A
kubelet must not be able to tell them from a runtime of a real node. So the same cases are run on them and on a real
containerd, Debian's 1.7, through the same client; what containerd does is what is expected.

The cases are in \`tests/conformance\`, this page is printed from them (\`npm run update:docs\`), and
\`differences.ts\` there holds what a runtime does instead of the case, with the reason.

* \`npx vitest run --project unit tests/conformance\`: the simulated runtime, on a clock that waits for nobody.
* \`npx vitest run --project engine tests/conformance\`: the other two, and our tables of field numbers against the
  description of the messages that is compiled into containerd.

containerd needs what Node Lab's own engine needs: Linux, root, and Debian's packages. It runs in namespaces of its own
(\`tests/support/containerd\`); where it cannot, the tests say so and leave it out. Three settings of it are not the usual ones:
scores of the memory killer are not lowered below containerd's own, as that needs the capability SYS_RESOURCE; there are no
limits for huge pages, as not every machine has a controller for them; and AppArmor is off, as its profile would stay in the
machine's kernel.

✓ means: as the case says. “differs” means: otherwise, as the note says, and that is tested. – means: the runtime has nothing
that the case could be seen in.
`

function cell(name: RuntimeName, id: CaseId): string {
  switch (DIFFERENCES[name][id]?.kind) {
    case undefined:
      return '✓'
    case 'differs':
      return 'differs'
    case 'not shown':
      return '–'
  }
}

function note(id: CaseId): string {
  const names = new Map<string, RuntimeName[]>()
  for (const name of RUNTIME_NAMES) {
    const reason = DIFFERENCES[name][id]?.reason
    if (reason !== undefined) names.set(reason, [...(names.get(reason) ?? []), name])
  }
  return [...names].map(([reason, who]) => `${who.map((name) => COLUMN_OF[name]).join(', ')}: ${reason}`).join(' ')
}

function row({ id, case: criCase }: NumberedCase): string {
  const cells = [titleOf(criCase), ...RUNTIME_NAMES.map((name) => cell(name, id)), note(id)]
  return tableRow(cells)
}

/** The whole page. */
export function renderConformanceDocument(): string {
  const columns = ['case', ...RUNTIME_NAMES.map((name) => COLUMN_OF[name]), 'note']
  const groups = CASES.map(({ title, cases }) =>
    [`## ${title}`, '', ...tableHead(columns), ...cases.map(row), ''].join('\n'),
  )
  return `${INTRODUCTION}\n${groups.join('\n')}`
}
