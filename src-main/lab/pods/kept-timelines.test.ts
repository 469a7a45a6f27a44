import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { IMAGE_PREFIX } from '../../common/engine-labels.ts'
import type { LabManager } from '../lab-manager.ts'
import { TestHome } from '../testing/test-home.ts'
import { parseKeptTimelines } from './kept-timelines.ts'

const entry = { boot: 'b', sequence: 7, time: '2026-01-01T00:00:01.000Z', reason: 'Started', message: 'Started a' }

describe('what a helper prints', () => {
  it('given lines of several nodes, then each entry is of the node whose disk it was on, whatever it says itself', () => {
    const output = [
      'mark node01',
      JSON.stringify({ ...entry, node: 'node09' }),
      '',
      'mark node02',
      JSON.stringify(entry),
    ]
    expect(parseKeptTimelines(output.join('\n'), 'mark ')).toEqual([
      { ...entry, node: 'node01' },
      { ...entry, node: 'node02' },
    ])
  })

  it('given lines before the first mark, then they are of no node and count as nothing', () => {
    expect(parseKeptTimelines(`${JSON.stringify(entry)}\nmark node01\n`, 'mark ')).toEqual([])
  })

  it.each([
    ['a torn line', JSON.stringify(entry).slice(9)],
    ['no object', '7'],
    ['null', 'null'],
    ['another type', JSON.stringify({ ...entry, time: 7 })],
    ['a pod that is none', JSON.stringify({ ...entry, pod: null })],
  ])('given %s, then it counts as nothing', (_what, line) => {
    expect(parseKeptTimelines(`mark node01\n${line}\n`, 'mark ')).toEqual([])
  })
})

describe('given a lab with a node that is off', () => {
  let home: TestHome
  let manager: LabManager
  let printed = ''

  beforeEach(async () => {
    home = new TestHome()
    manager = await home.manager()
    await manager.up('t', { nodes: 2 })
    await manager.stopNode({ lab: 't', node: 'node02' })
    const image = `${IMAGE_PREFIX}/busybox:1`
    home.engine.listImages = () =>
      Promise.resolve([{ id: 'i', tags: [image], labels: {}, sizeBytes: 1, createdAt: '' }])
    home.engine.containerLogs = () => Promise.resolve(printed)
  })
  afterEach(() => home.dispose())

  /** What the helper was asked to do, and answers with what node02's disk has. */
  function watchHelper(lines: readonly string[]): { mounts: unknown[] } {
    const seen: { mounts: unknown[] } = { mounts: [] }
    const create = home.engine.createContainer.bind(home.engine)
    home.engine.createContainer = (spec) => {
      seen.mounts.push(...spec.mounts)
      printed = [`${spec.command?.[3]}node02`, ...lines].join('\n')
      return create(spec)
    }
    return seen
  }

  it('when its timeline is asked for, then it is read from its disk, which is mounted read-only, and the helper is gone', async () => {
    const seen = watchHelper([JSON.stringify(entry)])
    const before = home.engine.containers.size
    expect(await manager.timeline('t', { node: 'node02' })).toEqual([{ ...entry, node: 'node02' }])
    expect(seen.mounts).toEqual([
      { type: 'volume', volume: 'node-lab.t.node02', subpath: 'var/lib', target: '/disks/node02', readOnly: true },
    ])
    expect(home.engine.containers.size).toBe(before)
  })

  it('when both nodes are off and have written more than a thousand entries, then each is there, with its node', async () => {
    await manager.stopNode({ lab: 't', node: 'node01' })
    const create = home.engine.createContainer.bind(home.engine)
    home.engine.createContainer = (spec) => {
      const lines = Array.from({ length: 800 }, (_, sequence) => JSON.stringify({ ...entry, sequence }))
      const mark = spec.command?.[3] ?? ''
      printed = [`${mark}node01`, ...lines, `${mark}node02`, ...lines].join('\n')
      return create(spec)
    }
    home.engine.containerLogs = (_id, { tailLines } = {}) =>
      Promise.resolve(tailLines === undefined ? printed : printed.split('\n').slice(-tailLines).join('\n'))
    const timeline = await manager.timeline('t', {})
    for (const node of ['node01', 'node02']) expect(timeline.filter((one) => one.node === node)).toHaveLength(800)
  })

  it('when the helper fails, then what it printed is not taken for the timeline', async () => {
    watchHelper([JSON.stringify(entry)])
    home.engine.helperExitCode = 137
    expect(await manager.timeline('t', { node: 'node02' })).toEqual([])
  })

  it('when the helper cannot run, then the timeline of the rest is told all the same', async () => {
    home.engine.listImages = () => Promise.resolve([])
    expect(await manager.timeline('t', { node: 'node02' })).toEqual([])
  })
})
