import { afterEach, describe, expect, it, vi } from 'vitest'
import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { defineComponent, h, ref, type Ref } from 'vue'
import { useToastsStore } from '../stores/toasts-store.ts'
import { mountInApp } from '../testing/mount-app.ts'
import PanelBoundary from './PanelBoundary.vue'

let wrapper: VueWrapper | undefined
afterEach(() => {
  wrapper?.unmount()
  vi.restoreAllMocks()
})

/** Two panels side by side; the left one's text is a getter that a test lets fail. */
function mountTwoPanels(text: () => string): VueWrapper {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const Left = defineComponent({ render: () => h('p', { class: 'left' }, text()) })
  const Button = defineComponent({
    render: () =>
      h(
        'button',
        {
          class: 'press',
          onClick: () => {
            throw new Error('pressed too hard')
          },
        },
        'right',
      ),
  })
  const panel = (name: string, content: typeof Left) => h(PanelBoundary, { name }, { default: () => h(content) })
  wrapper = mountInApp(defineComponent({ render: () => h('div', [panel('Left', Left), panel('Right', Button)]) }))
  return wrapper
}

describe('PanelBoundary', () => {
  it('given a panel whose content fails, when shown, then the panel says so and the one beside it stays', async () => {
    const window = mountTwoPanels(() => {
      throw new Error('status.phase is a number')
    })
    await flushPromises()
    const alert = window.get('[data-panel-fault]')
    expect(alert.attributes('aria-label')).toBe('Left')
    expect(alert.text()).toContain('status.phase is a number')
    expect(window.find('.press').exists()).toBe(true)
  })

  it('given content that fails only once it changes, when retried with good data, then it is shown again', async () => {
    const name: Ref<string | null> = ref('web')
    const window = mountTwoPanels(() => (name.value as string).toUpperCase())
    expect(window.get('.left').text()).toBe('WEB')
    name.value = null
    await flushPromises()
    expect(window.find('.left').exists()).toBe(false)
    name.value = 'back'
    await window.get('[data-panel-fault] button').trigger('click')
    expect(window.get('.left').text()).toBe('BACK')
  })

  it('given an event handler that fails, when pressed, then the panel stays and a message tells it', async () => {
    const window = mountTwoPanels(() => 'fine')
    await window.get('.press').trigger('click')
    expect(window.find('[data-panel-fault]').exists()).toBe(false)
    expect(useToastsStore().toasts).toMatchObject([{ tone: 'error', detail: 'pressed too hard' }])
  })
})
