import type { VueWrapper } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { CHECK_IDS, describeFinding } from '@common/doctor/doctor-report.ts'
import { createFakeBridge, type FakeBridge } from '../../bridge/fake-bridge.ts'
import { installBridge } from '../../bridge/client.ts'
import { useToastsStore } from '../../stores/toasts-store.ts'
import { mountInApp } from '../../testing/mount-app.ts'
import TheDiagnostics from './TheDiagnostics.vue'

let bridge: FakeBridge
let page: VueWrapper

afterEach(() => {
  page.unmount()
  bridge.dispose()
})

async function openPage(scenario: string): Promise<void> {
  bridge = createFakeBridge(scenario)
  installBridge(bridge)
  page = mountInApp(TheDiagnostics)
  await isDone()
}

function isDone(): Promise<void> {
  return expect.poll(() => page.find('[data-doctor="done"]').exists()).toBe(true)
}

const stateOf = (id: string): string | undefined => page.find(`[data-check="${id}"]`).attributes('data-state')

function button(words: string): Element {
  const found = [...document.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === words)
  if (found === undefined) throw new Error(`There is no button "${words}"`)
  return found
}

function press(words: string): void {
  button(words).dispatchEvent(new MouseEvent('click', { bubbles: true }))
}

describe('diagnostics', () => {
  it('given a healthy machine, when opened, then it looks by itself and says that all is well', async () => {
    await openPage('default')
    expect(page.find('[role="status"]').text()).toBe('Everything that a lab needs is here.')
    expect(page.findAll('[data-check]').map((row) => row.attributes('data-state'))).toEqual(
      Array(CHECK_IDS.length).fill('ok'),
    )
    expect(page.text()).toContain('81.2 GB of 494 GB free')
  })

  it('given images that are missing, when the remedy is pressed, then it is carried out and looked at again', async () => {
    await openPage('full')
    expect(page.find('[role="status"]').text()).toBe('3 things are not as they should be.')
    expect(stateOf('images')).toBe('failed')
    press('Load the images')
    await expect.poll(() => stateOf('images')).toBe('ok')
    expect(bridge.calls.filter(({ name }) => name === 'doctor/mend').map(({ parameters }) => parameters)).toEqual([
      { mend: 'load-images' },
    ])
  })

  it('given news that is not bad, when shown, then it is no problem, and its meaning and command are there', async () => {
    await openPage('full')
    expect(stateOf('file-events')).toBe('notice')
    const part = (name: string): string => page.find(`[data-check="file-events"] [data-part="${name}"]`).text()
    expect(part('meaning')).toContain('every 20 seconds')
    expect(part('command')).toContain('fileCheckFrequency')
    const copied = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
    await page.find('[data-check="file-events"] [aria-label="Copy the command"]').trigger('click')
    expect(copied).toHaveBeenCalledWith(part('command'))
  })

  it('given a remedy that changes the machine, when pressed, then nothing happens before it is confirmed', async () => {
    await openPage('full')
    press('Raise the limit')
    await expect.poll(() => document.querySelector('[role="dialog"]')?.textContent).toContain('512')
    press('Cancel')
    await expect.poll(() => document.querySelector('[role="dialog"]')).toBeNull()
    expect(bridge.calls.some(({ name }) => name === 'doctor/mend')).toBe(false)
  })

  it('given no engine, when opened, then what needs one was not looked at, and the engine’s own words are shown', async () => {
    await openPage('no-engine')
    expect([stateOf('engine'), stateOf('images'), stateOf('ports')]).toEqual(['failed', 'skipped', 'ok'])
    expect(page.find('[data-check="engine"]').text()).toContain('no such file')
  })

  it('given a button for logs, when pressed, then it says where they are', async () => {
    await openPage('default')
    press('Collect logs')
    await expect.poll(() => page.find('[data-logs="saved"]').text()).toContain('/home/learner/Downloads/node-lab')
  })

  it('given a reset, when asked for, then it says what goes and stays, and removes only what was left checked', async () => {
    await openPage('default')
    press('Reset…')
    const list = (which: string): string => document.querySelector(`[data-reset="${which}"]`)?.textContent ?? ''
    await expect.poll(() => list('removed')).toContain('Lab default (2 nodes')
    expect([list('removed').includes('settings.json'), list('kept').includes('.cache/node-lab')]).toEqual([true, true])
    document.querySelector<HTMLInputElement>('[role="dialog"] input[type="checkbox"]')?.click()
    await expect.poll(() => list('kept')).toContain('settings.json')
    expect(bridge.calls.some(({ name }) => name === 'reset/run')).toBe(false)
    press('Remove')
    await expect.poll(() => document.querySelector('[role="dialog"]')).toBeNull()
    expect(bridge.calls.findLast(({ name }) => name === 'reset/run')?.parameters).toEqual({
      labs: ['default'],
      settings: false,
      images: false,
    })
  })

  it('given images that another home uses, when they are to go too, then it is told which stayed', async () => {
    await openPage('default')
    press('Reset…')
    await expect.poll(() => document.querySelectorAll('[role="dialog"] input')).toHaveLength(2)
    document.querySelectorAll<HTMLInputElement>('[role="dialog"] input')[1]?.click()
    press('Remove')
    await expect.poll(() => useToastsStore().history.at(-1)?.detail).toContain('node-lab.invalid/node:')
  })

  it('given findings with odd values, when shown, then they are text and nothing else', async () => {
    await openPage('default')
    const folder = '<img src=x onerror=alert(1)>{name}@:link|\u202Eevil'
    bridge.emit('doctor/changed', {
      state: 'done',
      startedAt: '',
      checks: [describeFinding('home', true, 'home-writable', { folder })],
    })
    await expect.poll(() => page.find('[data-check="home"]').text()).toContain(folder)
    expect(page.find('img').exists()).toBe(false)
  })
})
