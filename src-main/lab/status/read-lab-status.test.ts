import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../base/clock.ts'
import { LabError } from '../../common/lab-error.ts'
import { withLabLock } from '../lifecycle/lab-lock.ts'
import { LabStore } from '../store/lab-store.ts'
import { HomeLayout } from '../store/home.ts'
import { TestHome } from '../testing/test-home.ts'
import { kubeletAway } from './read-lab-status.ts'

let home: TestHome
beforeEach(() => {
  home = new TestHome()
})
afterEach(() => home.dispose())

describe('a lab that somebody else works on', () => {
  it('given its lock is held to start it, then it is starting rather than stopped; afterwards it is as it is', async () => {
    const manager = await home.manager()
    await manager.up('t', { nodes: 1 })
    await manager.down('t')
    const stateOf = async (): Promise<string | undefined> => (await manager.listLabs())[0]?.state
    const store = new LabStore(new HomeLayout(manager.home))
    await withLabLock({ clock: systemClock(), store }, 't', { task: 'lab-up' }, async () =>
      expect(await stateOf()).toBe('starting'),
    )
    expect(await stateOf()).toBe('stopped')
  })

  it('given a node is added without a name, then its task names it from the start', async () => {
    const manager = await home.manager()
    await manager.up('t', { nodes: 1 })
    const subjects: string[] = []
    manager.subscribe({ onTaskChanged: ({ subject }) => subjects.push(subject) })
    await manager.addNode('t', undefined)
    expect(new Set(subjects)).toEqual(new Set(['t/node02']))
  })
})

it.each([
  ['does not run', 'the kubelet of node02 cannot be asked: it does not run'],
  ['did not answer within 15 s', 'the kubelet of node02 cannot be asked: it did not answer within 15 s'],
])('given a kubelet that %s, then that is told once, with the name of its node', (words, message) => {
  const cause = new LabError({ kind: 'Unavailable', message: `the kubelet of node-lab.t.node02 ${words}` })
  expect(kubeletAway({ lab: 't', node: 'node02' }, cause).message).toBe(message)
})
