import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TaskStatus } from '@common/lab/lab-status.ts'
import { labStep, type LabStep } from '@common/lab/lab-texts.ts'
import App from '../../App.vue'
import { installBridge } from '../../bridge/client.ts'
import { createFakeBridge, type FakeBridge } from '../../bridge/fake-bridge.ts'
import { useToastsStore } from '../../stores/toasts-store.ts'
import { i18n } from '../../locales/i18n.ts'
import { mountInApp } from '../../testing/mount-app.ts'

let bridge: FakeBridge
let wrapper: VueWrapper

beforeEach(async () => {
  bridge = createFakeBridge('default')
  installBridge(bridge)
  wrapper = mountInApp(App)
  await flushPromises()
})
afterEach(() => {
  wrapper.unmount()
  bridge.dispose()
})

function aTask(change: Partial<TaskStatus> = {}): TaskStatus {
  return {
    id: '1-1',
    name: 'lab-up',
    subject: 'default',
    state: 'running',
    step: 'node01: starting',
    progress: 0.4,
    startedAt: '2026-11-24T12:00:00.000Z',
    ...change,
  }
}

function ofStep({ message, text }: LabStep): Partial<TaskStatus> {
  return { step: message, ...(text !== undefined && { stepText: text }) }
}

async function openPanel(panel: 'tasks' | 'messages'): Promise<HTMLElement> {
  await wrapper.get(`[data-panel=${panel}]`).trigger('click')
  await flushPromises()
  const opened = document.querySelector<HTMLElement>('.status-panel')
  if (opened === null) throw new Error(`${panel} did not open`)
  return opened
}

describe('task manager', () => {
  it('given Korean, then a step that has a name is told in Korean, and one that has none as it is', async () => {
    i18n.global.locale.value = 'ko'
    bridge.emit('task/changed', aTask({ ...ofStep(labStep('kubelets-wait', { nodes: 'node03' })) }))
    const panel = await openPanel('tasks')
    expect(panel.textContent).toContain('kubelet을 기다리는 중: node03')
    bridge.emit('task/changed', aTask({ step: 'what only one program says' }))
    await flushPromises()
    expect(panel.textContent).toContain('what only one program says')
  })

  it('given a task that can be cancelled, when its button is pressed, then it is asked to stop', async () => {
    bridge.emit('task/changed', aTask({ cancellable: true }))
    const panel = await openPanel('tasks')
    panel.querySelector<HTMLElement>('[aria-label="Cancel: Starting the lab default"]')?.click()
    await flushPromises()
    expect(bridge.calls).toContainEqual({ name: 'task/cancel', parameters: { id: '1-1' } })
  })

  it.each<[string, Partial<TaskStatus>, string]>([
    ['one that was cancelled', { state: 'cancelled', endedAt: '2026-11-24T12:00:12.000Z' }, 'the next start goes on'],
    ['one that is stopping', { cancellable: false }, 'Stops after this step'],
    ['one that has to end by itself', { name: 'lab-delete' }, 'Cannot be cancelled'],
    ['one that failed', { state: 'failed', error: 'no space left' }, 'no space left'],
    ['one that took its time', { state: 'done', endedAt: '2026-11-24T12:03:12.000Z' }, 'took 3m12s'],
    ['one of odd data', { startedAt: 'never', progress: Number.NaN, name: '<b>odd</b>' }, '<b>odd</b> default'],
  ])('given %s, then the list says so and offers no cancel', async (_name, change, words) => {
    bridge.emit('task/changed', aTask(change))
    const panel = await openPanel('tasks')
    expect(panel.textContent).toContain(words)
    expect(panel.querySelector('[aria-label^="Cancel"]')).toBeNull()
    expect(panel.querySelector('b')).toBeNull()
  })
})

describe('messages', () => {
  it('given messages that nobody looked at, then the bell counts them until the list is opened, where all of them are', async () => {
    const toasts = useToastsStore()
    for (let number = 1; number <= 6; number++) toasts.show({ tone: 'success', title: `message ${number}` })
    await flushPromises()
    expect(wrapper.get('[data-panel=messages]').attributes('aria-label')).toBe('Messages: 6 new')
    const panel = await openPanel('messages')
    expect(panel.querySelectorAll('[data-message]')).toHaveLength(6)
    expect(panel.querySelector('[data-message]')?.textContent).toContain('message 6')
    expect(wrapper.get('[data-panel=messages]').attributes('aria-label')).toBe('Messages: none new')
  })
})
