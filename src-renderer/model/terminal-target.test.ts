import { describe, expect, it } from 'vitest'
import type { LabStatus, NodeView } from '@common/lab/lab-status.ts'
import type { TerminalTarget } from '@common/lab/terminal.ts'
import { aBackingOffContainer, aContainerStatus, aPod, at } from '../testing/fixtures.ts'
import {
  computeContainerFate,
  computeTerminalChoices,
  parseTerminalQuery,
  terminalQuery,
  terminalTargetKey,
} from './terminal-target.ts'

const CONTAINER = {
  kind: 'container',
  node: 'node01',
  namespace: 'default',
  pod: 'web-node01',
  container: 'nginx',
} as const satisfies TerminalTarget
const TARGETS: TerminalTarget[] = [
  { kind: 'node', node: 'node01' },
  { kind: 'kubectl' },
  CONTAINER,
  { kind: 'container', node: 'node01', namespace: 'default', pod: 'web-node01' },
]

function aView(...pods: NodeView['pods']): NodeView {
  return { lab: 'default', node: 'node01', files: [], pods, observedAt: at(0) }
}

describe('targets', () => {
  it('given any target, when it goes through an address, then it is the same, and its key is its own', () => {
    expect(TARGETS.map((target) => parseTerminalQuery(terminalQuery(target)))).toEqual(TARGETS)
    expect(new Set(TARGETS.map(terminalTargetKey)).size).toBe(TARGETS.length)
  })

  it.each([{}, { node: ['a', 'b'] }, { pod: 'web' }])('given the query %j, then it opens nothing', (query) => {
    expect(parseTerminalQuery(query)).toBeUndefined()
  })
})

describe('choices', () => {
  it('given pods in all states, then containers that run are offered, and odd pods break nothing', () => {
    const lab = { nodes: [{ name: 'node01', role: 'worker', state: 'stopped' }] } as unknown as LabStatus
    const odd = [
      { metadata: {}, spec: {} },
      { metadata: { name: 5 }, status: { containerStatuses: 'x' } },
    ]
    const pods = [aPod(), aPod({ name: 'crash', containers: [aBackingOffContainer(1, '20s')] }), ...odd]
    const choices = computeTerminalChoices(lab, () => aView(...(pods as NodeView['pods'])))
    expect(choices).toEqual({
      nodes: [{ name: 'node01', role: 'worker', isOn: false }],
      hasKubectl: false,
      containers: [CONTAINER],
    })
  })
})

describe('what became of a container', () => {
  const status = { openedAt: at(-30) }
  const restarted = aContainerStatus({ restartCount: 1, state: { running: { startedAt: at(-5) } } })

  it.each([
    ['runs on', aView(aPod()), 'runs'],
    ['was restarted after the terminal was opened', aView(aPod({ containers: [restarted] })), 'restarted'],
    ['waits in back-off', aView(aPod({ containers: [aBackingOffContainer(1, '20s')] })), 'down'],
    ['went with its pod', aView(), 'gone'],
  ])('given one that %s, then that is said', (_what, view, kind) => {
    expect(computeContainerFate(CONTAINER, status, view).kind).toBe(kind)
  })

  it('given a back-off, then its reason is said', () => {
    const view = aView(aPod({ containers: [aBackingOffContainer(1, '20s')] }))
    expect(computeContainerFate(CONTAINER, status, view)).toEqual({ kind: 'down', reason: 'CrashLoopBackOff' })
  })
})
