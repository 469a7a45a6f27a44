import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import App from '../../App.vue'
import { installBridge } from '../../bridge/client.ts'
import { createFakeBridge, type FakeBridge } from '../../bridge/fake-bridge.ts'
import { useSettingsStore } from '../../stores/settings-store.ts'
import { mountInApp } from '../../testing/mount-app.ts'

let bridge: FakeBridge
let wrapper: VueWrapper
const root = document.documentElement

beforeEach(async () => {
  bridge = createFakeBridge('default')
  installBridge(bridge)
  wrapper = mountInApp(App)
  await flushPromises()
  await wrapper.get('nav a:last-child').trigger('click')
  await expect.poll(() => wrapper.text()).toContain('Appearance')
})
afterEach(() => {
  wrapper.unmount()
  bridge.dispose()
})

function control(name: string): HTMLElement {
  const found = [...document.querySelectorAll<HTMLElement>('main button')].find(
    (button) => button.textContent?.trim() === name || button.getAttribute('aria-label') === name,
  )
  if (found === undefined) throw new Error(`there is no ${name}`)
  return found
}

async function press(name: string): Promise<void> {
  control(name).click()
  await flushPromises()
}

describe('settings page', () => {
  it('given a theme, when chosen, then the page has it at once and the file says so', async () => {
    await press('High contrast')
    expect(root.dataset['contrast']).toBe('more')
    expect(bridge.settings.state.settings.theme).toBe('contrast')
    await press('Dark')
    expect(root.dataset['theme']).toBe('dark')
    expect(root.dataset['contrast']).toBeUndefined()
  })

  it('given "as the system", when the system wants more contrast, then it is given', async () => {
    useSettingsStore().systemWantsContrast = true
    await flushPromises()
    expect(root.dataset['contrast']).toBe('more')
  })

  it('given the file is edited outside, then the window follows', async () => {
    bridge.settings.edit('{"theme": "dark", "zoomLevel": 2, "locale": "ko"}')
    await flushPromises()
    expect(root.dataset['theme']).toBe('dark')
    expect(root.lang).toBe('ko')
    expect(wrapper.get('[data-zoom]').text()).toBe('144%')
  })

  it('given a file with a word that is no setting, then the page says where and what is meant', async () => {
    bridge.settings.edit('{\n  "teme": "dark"\n}')
    await flushPromises()
    expect(wrapper.get('[data-settings-problems]').text()).toContain('Line 2: there is no setting “teme”.')
    expect(wrapper.get('[data-settings-problems]').text()).toContain('“theme”')
  })

  it('given zoom, when made larger to the end, then the button rests and the natural size is one press away', async () => {
    for (let step = 0; step < 3; step++) await press('Larger')
    expect((control('Larger') as HTMLButtonElement).disabled).toBe(true)
    await press('Natural size')
    expect(bridge.settings.state.settings.zoomLevel).toBe(0)
  })

  it('given no tray, then the window cannot stay in it', async () => {
    await press('Icon in the tray')
    expect((control('Stay in the tray when the window is closed') as HTMLButtonElement).disabled).toBe(true)
  })

  it('given the about box, then it tells version and licence', () => {
    expect(wrapper.get('[data-about]').text()).toContain('Node Lab 0.1.0')
    expect(wrapper.get('[data-about]').text()).toContain('Apache-2.0')
  })

  it('given a setting that cannot be written, then it counts here all the same and the reason is told', async () => {
    const { LabError } = await import('@common/lab-error.ts')
    bridge.failures.set('settings/write', new LabError({ kind: 'Conflict', message: 'the file is broken' }))
    await press('Dark')
    expect(root.dataset['theme']).toBe('dark')
    expect(document.querySelector('[data-toast=error]')?.textContent).toContain('the file is broken')
  })

  it('given a connection that is lost before the answer, when it is back, then the change is written all the same', async () => {
    const { LabError } = await import('@common/lab-error.ts')
    bridge.failures.set('settings/write', new LabError({ kind: 'Unavailable', message: 'the connection was lost' }))
    await press('Dark')
    await expect.poll(() => bridge.settings.state.settings.theme).toBe('dark')
    expect(root.dataset['theme']).toBe('dark')
    expect(document.querySelector('[data-toast=error]')).toBeNull()
  })

  it('given a change that is not written yet, when an older state of the file is told, then the change counts on', async () => {
    control('Dark').click()
    bridge.settings.edit('{"zoomLevel": 1}')
    const settings = useSettingsStore()
    expect([settings.theme, settings.zoomLevel]).toEqual(['dark', 1])
    await flushPromises()
    expect(settings.theme).toBe('dark')
  })
})
