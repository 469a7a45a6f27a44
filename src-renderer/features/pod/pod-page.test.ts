import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LabError } from '@common/lab-error.ts'
import App from '../../App.vue'
import { installBridge } from '../../bridge/client.ts'
import { createFakeBridge, type FakeBridge } from '../../bridge/fake-bridge.ts'
import { NOW } from '../../testing/fixtures.ts'
import { mountInApp } from '../../testing/mount-app.ts'

let bridge: FakeBridge
let app: VueWrapper

const CRASHER = '/labs/default/nodes/node01/pods/default/crash-loop-node01'
const WEB = '/labs/default/nodes/node01/pods/default/web-node01'

async function open(path: string, scenario = 'default'): Promise<void> {
  bridge = createFakeBridge(scenario)
  installBridge(bridge)
  app = mountInApp(App, { path })
  await settle()
}

/** The page and some of its panels are loaded when they are opened. */
async function settle(): Promise<void> {
  await pass(0)
  await vi.dynamicImportSettled()
  await pass(0)
  await vi.dynamicImportSettled()
  await pass(100)
}

async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds)
  await flushPromises()
}

async function openTab(name: string): Promise<void> {
  const tab = app.findAll('[role="tab"]').find((one) => one.text() === name)
  if (tab === undefined) throw new Error(`There is no tab "${name}".`)
  await tab.trigger('mousedown', { button: 0 })
  await settle()
}

function segments(container: string): string[] {
  return app.findAll(`[data-strip="${container}"] [data-segment]`).map((one) => one.attributes('data-segment') ?? '')
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

describe('the page of a pod', () => {
  it('given its address, when it is opened, then it is there; and the inspector leads to it with the same tab', async () => {
    await open(WEB)
    expect(app.get('h1').text()).toBe('web-node01')
    expect(app.get('[data-pod-status]').text()).toContain('ContainerCreating')
    app.unmount()
    await open('/')
    await app.get('[aria-label="Logs of web-node01"]').trigger('click')
    await settle()
    expect(app.get('aside a[aria-label="Open as a page"]').attributes('href')).toBe(`${WEB}/logs`)
  })

  it('given the inspector, when its manifest is to be edited, then the editor has it', async () => {
    await open('/')
    await app.get('[data-file="web.yaml"] [data-cell]').trigger('click')
    await openTab('Manifest')
    await app.get('[data-edit-manifest]').trigger('click')
    await settle()
    expect(app.find('[data-editor="web.yaml"]').exists()).toBe(true)
  })

  it('given another tab, when it is chosen, then the address says so; an unknown one is the lifecycle', async () => {
    await open(`${WEB}/nonsense`)
    expect(app.get('[role="tab"][data-state="active"]').text()).toBe('Lifecycle')
    await openTab('Containers')
    expect(app.vm.$router.currentRoute.value.params['tab']).toBe('containers')
    expect(app.get('[data-container="nginx"]').text()).toContain('nginx')
  })

  it('given a pod whose file is taken away, then its history stays, with words; for an unknown name that is told', async () => {
    await open(WEB)
    await pass(3_000)
    await bridge.call('manifest/remove', { lab: 'default', node: 'node01', name: 'web.yaml' })
    await pass(5_000)
    expect(app.get('[data-presence]').text()).toContain('Gone from node01')
    expect(app.text()).toContain('Stopping container nginx')
    app.unmount()
    await open('/labs/default/nodes/node01/pods/default/never-was')
    expect(app.get('[data-presence]').text()).toContain('Nothing is known of a pod of this name')
  })

  it('given a node that is switched off, then that is told instead of that the pod is gone', async () => {
    await open(WEB)
    await pass(3_000)
    await bridge.call('node/stop', { lab: 'default', node: 'node01' })
    await pass(100)
    expect(app.get('[data-presence]').attributes('data-presence')).toBe('node-off')
    expect(app.text()).toContain('node01 is off')
    expect(app.text()).toContain('Started container nginx')
    expect(app.get('[data-presence] a').attributes('href')).toBe('/labs/default/nodes/node01/files')
  })

  it('given a node that is removed, then that is told, and what happened to the pod stays', async () => {
    await open(WEB)
    await pass(3_000)
    await bridge.call('node/remove', { lab: 'default', node: 'node01' })
    await pass(100)
    expect(app.get('[data-presence]').attributes('data-presence')).toBe('node-removed')
    expect(app.text()).toContain('node01 is not in this lab')
    expect(app.text()).toContain('Started container nginx')
    expect(app.find('[data-strip="nginx"]').exists()).toBe(true)
  })
})

describe('containers', () => {
  it('given an image that Node Lab brings along, and one that is nowhere, then each says whether it would be pulled', async () => {
    await open(`${WEB}/containers`)
    await pass(1_000)
    expect(app.get('[data-image-standing]').attributes('data-image-standing')).toBe('here')
    app.unmount()
    await open(
      '/labs/default/nodes/a-node-with-a-rather-long-name/pods/default/missing-a-node-with-a-rather-long-name/containers',
      'full',
    )
    await pass(1_000)
    expect(app.get('[data-image-standing]').text()).toBe('would be pulled')
    await openTab('Lifecycle')
    expect(app.text()).toContain('its image could not be had, so the kubelet waits 20s.')
    expect(app.text()).toMatch(/next try in \d+s/)
  })
})

describe('manifest and terminal', () => {
  it('given a file, when its tab is opened, then it can be written there', async () => {
    await open(`${WEB}/manifest`)
    await pass(1_000)
    expect(app.find('[data-editor="web.yaml"]').exists()).toBe(true)
  })

  it('given a container that runs, when the tab is opened, left and opened again, then it is the same shell', async () => {
    await open(WEB)
    await pass(3_000)
    await openTab('Terminal')
    await pass(1_000)
    expect(app.get('[data-terminal]').attributes('data-phase')).toBe('following')
    await openTab('Events')
    await openTab('Terminal')
    await pass(1_000)
    expect(app.get('[data-terminal]').attributes('data-phase')).toBe('following')
    expect(bridge.terminals.list('default')).toHaveLength(1)
  })
})

describe('the lifecycle', () => {
  it('given a crash loop, then the picture, the strip and the words follow it', async () => {
    await open(CRASHER)
    await pass(2_000)
    expect(app.get('[data-stage="running"]').attributes('data-lit')).toBe('true')
    expect(segments('crasher')).toEqual(['waiting', 'running'])
    await pass(9_000)
    expect(app.get('[data-stage="back-off"]').attributes('data-lit')).toBe('true')
    expect(segments('crasher').at(-1)).toBe('back-off')
    expect(app.get('[data-last-step]').text()).toContain('it keeps ending, so the kubelet waits 10s.')
    expect(app.get('[data-step="running>terminated"]').attributes('data-count')).toBe('2')
    expect(app.findAll('[data-flag="crashed"]').length).toBeGreaterThan(0)
    expect(app.find('[role="img"][aria-label*="phase is Running"]').exists()).toBe(true)
  })

  it('given a segment, when it is clicked, then its entry shows, and leads to the log lines of that time', async () => {
    await open(CRASHER)
    await pass(6_000)
    await app.get('[data-segment="terminated"]').trigger('click')
    expect(app.get('[data-moment]').text()).toContain('ContainerDied')
    const logs = app.get('[data-moment]').findAll('button')[0]
    await logs?.trigger('click')
    await settle()
    await pass(1_000)
    expect(app.get('[role="tab"][data-state="active"]').text()).toBe('Logs')
    expect(app.find('.line.marked').exists()).toBe(true)
  })

  it('given a zoom, when it is chosen, then it is pressed and the strip covers that time', async () => {
    await open(CRASHER)
    await pass(3_000)
    const minute = app.findAll('button').find((one) => one.text() === 'Last minute')
    await minute?.trigger('click')
    expect(minute?.attributes('aria-pressed')).toBe('true')
    const first = app.get('[data-strip="crasher"] [data-segment]').attributes('style') ?? ''
    expect(Number(/left: ([\d.]+)%/.exec(first)?.[1])).toBeGreaterThan(90)
  })
})

describe('logs', () => {
  it('given colours in the log, then they are shown as colours and not as letters, and the search steps through', async () => {
    await open(`${WEB}/logs`)
    await pass(4_000)
    await settle()
    const log = app.get('[role="log"]')
    expect(log.text()).toContain('hello number 1 from web-node01')
    expect(log.text()).not.toContain('[32m')
    expect(log.find('[data-colour="green"]').text()).toBe('hello')
    const field = app.get('input[aria-label="Search the log"]')
    await field.setValue('NUMBER 1')
    await pass(100)
    expect(log.findAll('mark').length).toBeGreaterThan(1)
    await field.trigger('keydown', { key: 'Enter' })
    expect(log.findAll('mark.current')).toHaveLength(1)
    expect(app.text()).toMatch(/1 of \d+/)
  })

  it('given Ctrl+F, then the cursor is in the search', async () => {
    await open(`${WEB}/logs`)
    await pass(3_000)
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'f', ctrlKey: true }))
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Search the log')
  })

  it('given the run before, when it is asked for, then its lines are there; a first run has none before it', async () => {
    await open(`${CRASHER}/logs`)
    await pass(3_500)
    await settle()
    const previous = (): ReturnType<VueWrapper['get']> => app.get('label input[type="checkbox"]')
    expect(previous().attributes('disabled')).toBeDefined()
    expect(app.find('label[title="There was no run before this one."]').exists()).toBe(true)
    await pass(6_000)
    await previous().setValue(true)
    await pass(200)
    expect(app.get('[role="log"]').text()).toContain('something broke')
  })

  it('given a container that could not be started, then why it has no log is told', async () => {
    await open(
      '/labs/default/nodes/a-node-with-a-rather-long-name/pods/default/missing-a-node-with-a-rather-long-name/logs',
      'full',
    )
    await pass(3_000)
    await settle()
    expect(app.text()).toContain('app has no log: it could not be started (ImagePullBackOff).')
  })
})

describe('events and object', () => {
  it('given a pod of the API server, then its events say from whom they are; a filter leaves the others out', async () => {
    await open('/labs/default/nodes/node01/pods/default/agent-x7k0p/events', 'cluster')
    expect(app.get('[data-event="Scheduled"]').text()).toContain('default-scheduler, in the API server')
    await app.get('select[aria-label="Whose events"]').setValue('node')
    expect(app.find('[data-event="Scheduled"]').exists()).toBe(false)
  })

  it('given a repeated event, then it is one line with a count', async () => {
    await open(`${CRASHER}/events`)
    await pass(12_000)
    expect(app.get('[data-event="ContainerDied"]').text()).toMatch(/[23]×/)
  })

  it('given a static pod and its mirror, then their differences are told with why; folding hides what is below', async () => {
    await open(`${WEB}/object`, 'cluster')
    await pass(3_000)
    await settle()
    expect(app.get('[data-path="metadata.uid"]').attributes('data-state')).toBe('changed')
    expect(app.get('[data-note="uid"]').text()).toContain('The mirror is an object of its own')
    const fold = app.get('[aria-label="Fold metadata"]')
    await fold.trigger('click')
    expect(fold.attributes('aria-expanded')).toBe('false')
    expect(app.find('[data-path="metadata.uid"]').exists()).toBe(false)
  })

  it('given a static pod with a mirror, then the events that its kubelet wrote to the API server are told as the server’s', async () => {
    await open(`${WEB}/events`, 'cluster')
    await pass(3_000)
    await app.get('select[aria-label="Whose events"]').setValue('api')
    expect(app.get('[data-event="Started"]').text()).toContain('Started container nginx')
  })

  it('given events that cannot be read, then what the kubelet says is there all the same', async () => {
    bridge = createFakeBridge('cluster')
    bridge.failures.set('cluster/pod-events', new LabError({ kind: 'Unavailable', message: 'away' }))
    installBridge(bridge)
    app = mountInApp(App, { path: `${WEB}/events` })
    await settle()
    await pass(2_000)
    expect(app.find('[data-event="PodAdded"]').exists()).toBe(true)
  })
})
