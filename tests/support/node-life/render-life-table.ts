/** The node-life table as Markdown, for docs/node-life.md. */
import {
  ENGINE_ROWS,
  FURTHER_NODE_ROWS,
  NODE_ROWS,
  TELLING_ENGINE_ROWS,
  type Fate,
  type Fates,
  type LifeRow,
} from './life-table.ts'

const HEADER = [
  '| event | node | kubelet | runtime service | the pod: sandbox | its container | its restart count | other pod of the node | pod that had finished | pod of the other node | a machine … |',
  '|---|---|---|---|---|---|---|---|---|---|---|',
]

/** Two tables: what happens to a node, and what happens to the engine. */
export function renderLifeTable(): string {
  return [
    '### What happens to a node',
    '',
    ...HEADER,
    ...renderRows({ ...NODE_ROWS, ...FURTHER_NODE_ROWS }),
    '',
    '### What happens to the engine',
    '',
    ...HEADER,
    ...renderRows({ ...TELLING_ENGINE_ROWS, ...ENGINE_ROWS }),
  ]
    .map((line) => `${line}\n`)
    .join('')
}

function renderRows(rows: Record<string, LifeRow>): string[] {
  return Object.values(rows).flatMap(({ event, machine, limit, after, remedy }) => [
    renderRow(event, after, limit === undefined ? machine : `${machine}; not so here: ${limit}`),
    ...(remedy === undefined ? [] : [renderRow(`… then \`node-lab ${remedy.command.join(' ')}\``, remedy.after, '')]),
  ])
}

function renderRow(event: string, fates: Partial<Fates>, machine: string): string {
  const cells = [
    event,
    ...[fates.node, fates.kubelet, fates.runtime, fates.sandbox, fates.container].map(renderFate),
    renderCount(fates),
    ...[fates.beside, fates.finished, fates.otherNode].map(renderFate),
    machine,
  ]
  return `| ${cells.join(' | ')} |`
}

function renderFate(fate: Fate | Fates['finished'] | undefined): string {
  switch (fate) {
    case undefined:
      return 'either way'
    case 'lives':
    case 'stays':
      return fate
    case 'restarts':
    case 'made anew':
    case 'runs again':
    case 'off':
      return `**${fate}**`
  }
}

function renderCount({ restartCount }: Partial<Fates>): string {
  return restartCount === undefined ? '' : `+${restartCount}`
}
