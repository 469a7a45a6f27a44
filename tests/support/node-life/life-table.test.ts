import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { computeFate, findLies, type EngineSnapshot } from './life-snapshot.ts'
import { renderLifeTable } from './render-life-table.ts'

describe('docs/node-life.md', () => {
  it('given the table that tests are held to, then it shows that table (npm run update:docs writes it)', () => {
    expect(readFileSync(new URL('../../../docs/node-life.md', import.meta.url), 'utf8')).toContain(renderLifeTable())
  })
})

describe('computeFate', () => {
  const before = { running: true, id: 'a', startedAt: '1' }
  it.each([
    [{ running: true, id: 'a', startedAt: '1' }, 'lives'],
    [{ running: true, id: 'a', startedAt: '2' }, 'restarts'],
    [{ running: true, id: 'b', startedAt: '2' }, 'made anew'],
    [{ running: false, id: 'a', startedAt: '1' }, 'off'],
  ])('given %j afterwards, then it %s', (after, fate) => {
    expect(computeFate(before, after)).toBe(fate)
  })
})

describe('findLies', () => {
  const container = (id: string, role: string, running: boolean, labels: Record<string, string> = {}) => ({
    Id: id,
    Name: `/${id}`,
    State: { Running: running, StartedAt: 'boot 2' },
    Config: { Labels: { 'io.node-lab.role': role, 'io.node-lab.node': 'node01', ...labels } },
  })
  const boot = (name: string): Record<string, string> => ({ 'io.node-lab.boot': name })
  const lies = (...containers: ReturnType<typeof container>[]): string[] =>
    findLies({ containers } as unknown as EngineSnapshot)
  const node = container('node', 'node', true)

  it('given a pod of the present boot, then there are none', () => {
    const sandbox = container('s', 'sandbox', true, boot('boot 2'))
    const app = container('c', 'container', true, { ...boot('boot 2'), 'io.kubernetes.sandbox.id': 's' })
    expect(lies(node, sandbox, app)).toEqual([])
  })

  it('given what a boot that is over has left running, then each is told of', () => {
    const app = container('c', 'container', true, boot('boot 1'))
    expect(lies(node, app)).toEqual(['/c runs and is of another boot of its node', '/c runs without its sandbox'])
    expect(lies(container('node', 'node', false), container('s', 'sandbox', true))).toEqual([
      '/s runs without its node',
    ])
  })

  it('given two sandboxes of one pod, then that is told of', () => {
    const [one, two] = ['s1', 's2'].map((id) =>
      container(id, 'sandbox', true, { ...boot('boot 2'), 'io.kubernetes.pod.name': 'web' }),
    )
    expect(one !== undefined && two !== undefined && lies(node, one, two)).toEqual([
      'more than one runs: sandbox node01 web',
    ])
  })
})
