import { flushPromises } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import { defineComponent, h, shallowReactive } from 'vue'
import { aContainerStatus, aPod, at } from '../../../testing/fixtures.ts'
import { mountInApp } from '../../../testing/mount-app.ts'
import TerminalPanel from './TerminalPanel.vue'

vi.mock('../../terminal/TerminalPane.vue', () => ({
  __esModule: true,
  default: defineComponent({
    props: { target: { type: Object, required: true } },
    setup: (props) => () => h('p', { 'data-terminal-of': props.target['container'] }),
  }),
}))

it('given two containers, when the first ends, then its terminal stays, and it can still be chosen', async () => {
  const main = aContainerStatus({ name: 'main' })
  const beside = aContainerStatus({ name: 'beside', containerID: 'docker://2' })
  const ended = { terminated: { exitCode: 137, reason: 'Error', startedAt: at(-60), finishedAt: at(0) } }
  const pod = aPod({ containers: [main, beside] })
  const props = shallowReactive<Record<string, unknown>>({ lab: 'default', node: 'node01', pod })
  const panel = mountInApp(TerminalPanel, { props })
  await vi.dynamicImportSettled()
  await flushPromises()
  expect(panel.get('[data-terminal-of]').attributes('data-terminal-of')).toBe('main')
  props['pod'] = aPod({ containers: [{ ...main, state: ended }, beside] })
  await flushPromises()
  expect(panel.get<HTMLSelectElement>('select').element.value).toBe('main')
  expect(panel.get('[data-terminal-of]').attributes('data-terminal-of')).toBe('main')
  panel.unmount()
})
