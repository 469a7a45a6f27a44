import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import App from '../../App.vue'
import { installBridge } from '../../bridge/client.ts'
import { createFakeBridge, type FakeBridge } from '../../bridge/fake-bridge.ts'
import { NOW } from '../../testing/fixtures.ts'
import { mountInApp } from '../../testing/mount-app.ts'

let bridge: FakeBridge
let app: VueWrapper

async function open(scenario = 'default'): Promise<void> {
  bridge = createFakeBridge(scenario)
  installBridge(bridge)
  app = mountInApp(App)
  await pass(0)
  await app.get('a[href$="/timeline"]').trigger('click')
  await vi.dynamicImportSettled()
  await pass(0)
}

async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds)
  await flushPromises()
}

async function pressText(text: string): Promise<void> {
  const button = [...document.querySelectorAll<HTMLElement>('button')].find(
    (candidate) => candidate.textContent?.trim() === text,
  )
  if (button === undefined) throw new Error(`There is no button "${text}".`)
  button.click()
  await pass(0)
}

function plot(): ReturnType<VueWrapper['get']> {
  return app.get('[data-timeline-plot]')
}

function span(): number {
  const { start, end } = (plot().element as HTMLElement).dataset
  return Number(end) - Number(start)
}

function said(): string {
  return app.get('[data-timeline-said]').text()
}

/** Keys as a keyboard sends them, `Shift+` in front. */
async function press(...keys: string[]): Promise<void> {
  for (const key of keys) {
    const shiftKey = key.startsWith('Shift+')
    await plot().trigger('keydown', { key: key.replace('Shift+', ''), shiftKey })
  }
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
})
afterEach(() => {
  bridge.dispose()
  app.unmount()
  document.body.innerHTML = ''
  vi.useRealTimers()
})

describe('the timeline as a list', () => {
  it('given entries, lists them and filters them by text and by warnings', async () => {
    await open()
    await pass(1_000)
    await pressText('List')
    const reasons = (): (string | undefined)[] =>
      app.findAll('[data-reason]').map((entry) => entry.attributes('data-reason'))
    expect(reasons()).toContain('KubeletStarted')
    await app.get('input[type="search"]').setValue('nginx')
    expect(reasons()).toEqual(['Started'])
    await pressText('Clear the filters')
    await pressText('Only warnings')
    expect(app.findAll('[data-type="Normal"]')).toEqual([])
  })
})

describe('the timeline as lanes', () => {
  it('given a lab in which nothing happened, says what will be here and how to make something happen', async () => {
    await open('empty')
    expect(app.text()).toContain('Nothing has happened yet')
    expect(app.get('main a[href$="/"]').text()).toBe('Put a sample on a node')
  })

  it('given pods, tells their states in a table, and the keys go through lanes and entries', async () => {
    await open()
    await pass(3_000)
    expect(app.get('[data-timeline-table]').text()).toContain('web-node01')
    await plot().trigger('focus')
    expect(said()).toContain('Node node01')
    await press('ArrowDown')
    expect(said()).toContain('Pod crash-loop-node01')
    await press('Shift+ArrowRight')
    expect(said()).toContain('PodAdded')
    await press('Shift+ArrowRight', 'Shift+ArrowRight')
    expect(said()).toContain('SandboxStarted')
    await press('Shift+ArrowLeft')
    expect(said()).toContain('PhaseChanged')
  })

  it('given zoom by keys, then less time is shown, and 0 shows all again', async () => {
    await open()
    await pass(20_000)
    const all = span()
    await press('+')
    expect(span()).toBeLessThan(all)
    await press('-', '0')
    expect(span()).toBeGreaterThanOrEqual(all)
  })

  it('given a pod, then Space unfolds its containers and Enter opens it', async () => {
    await open()
    await pass(2_000)
    const lanes = Number(plot().attributes('data-lanes'))
    await plot().trigger('focus')
    await press('ArrowDown', ' ')
    expect(Number(plot().attributes('data-lanes'))).toBe(lanes + 1)
    await press('Enter')
    await pass(0)
    expect(app.get('[aria-label="Inspector"]').text()).toContain('crash-loop-node01')
  })
})
