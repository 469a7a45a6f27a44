import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TaskStatus } from '../../common/lab/lab-status.ts'
import type { LabManager } from '../lab-manager.ts'
import { TestHome } from '../testing/test-home.ts'

let home = new TestHome()
beforeEach(() => {
  home = new TestHome()
})
afterEach(() => home.dispose())

/** Cancels the running task as soon as its step says `words`. */
function cancelAt(manager: LabManager, words: string): TaskStatus[] {
  const seen: TaskStatus[] = []
  manager.subscribe({
    onTaskChanged(task) {
      seen.push(task)
      if (task.step?.includes(words) === true && task.cancellable === true) manager.cancelTask(task.id)
    },
  })
  return seen
}

describe('given a lab that is being started', () => {
  it.each(['making the network', 'making the container', 'waiting for the kubelet'])(
    'when it is cancelled while %s, then it stops there, and the next start goes on to the end',
    async (step) => {
      const manager = await home.manager()
      const seen = cancelAt(manager, step)
      if (step.startsWith('waiting')) home.channels.silentKubelets.add('node-lab.t.node01')
      await expect(manager.up('t', { nodes: 2 })).rejects.toMatchObject({ kind: 'Cancelled' })
      expect(seen.at(-1)).toMatchObject({ name: 'lab-up', state: 'cancelled', endedAt: expect.any(String) as string })
      expect(seen.at(-1)).not.toHaveProperty('cancellable')
      home.channels.silentKubelets.clear()
      const status = await (await home.manager()).up('t', {})
      expect(status.nodes.map(({ name, kubelet }) => [name, kubelet])).toEqual([
        ['node01', 'running'],
        ['node02', 'running'],
      ])
    },
  )

  it('when its asker gives up instead, then the task is cancelled just so', async () => {
    const manager = await home.manager()
    home.channels.silentKubelets.add('node-lab.t.node01')
    const asker = new AbortController()
    const up = manager.up('t', { nodes: 1, signal: asker.signal, onProgress: () => asker.abort() })
    await expect(up).rejects.toMatchObject({ kind: 'Cancelled' })
    expect(manager.tasks().at(-1)).toMatchObject({ state: 'cancelled' })
  })
})

describe('given tasks that cannot be cancelled', () => {
  it('when one that has ended is cancelled, then it is a Conflict', async () => {
    const manager = await home.manager()
    await manager.up('t', { nodes: 1 })
    const [task] = manager.tasks()
    expect(() => manager.cancelTask(task?.id ?? '')).toThrow(/ended already/)
  })

  it('when a lab is being deleted, then its task does not offer it and refuses it', async () => {
    const manager = await home.manager()
    await manager.up('t', { nodes: 1 })
    const refusals: unknown[] = []
    const subscription = manager.subscribe({
      onTaskChanged(task) {
        if (task.state !== 'running') return
        expect(task.cancellable).toBeUndefined()
        try {
          manager.cancelTask(task.id)
        } catch (error) {
          refusals.push(error)
        }
      },
    })
    await manager.delete('t')
    expect(refusals[0]).toMatchObject({ kind: 'Conflict' })
    await subscription.dispose()
  })

  it('when a task is named that never was, then it is NotFound', async () => {
    const manager = await home.manager()
    expect(() => manager.cancelTask('1-1')).toThrow(/no task/)
  })
})
