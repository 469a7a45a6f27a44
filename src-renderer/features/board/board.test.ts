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

async function open(scenario = 'default'): Promise<void> {
  bridge = createFakeBridge(scenario)
  installBridge(bridge)
  app = mountInApp(App)
  await pass(0)
}

async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds)
  await flushPromises()
}

function press(label: string): Promise<void> {
  return app.get(`[aria-label="${label}"]`).trigger('click')
}

/** Buttons of dialogs and toasts lie outside the app's own element. */
function pressText(text: string): void {
  const button = [...document.querySelectorAll<HTMLElement>('button, a')].find(
    (candidate) => candidate.textContent?.trim() === text,
  )
  if (button === undefined) throw new Error(`There is no button "${text}".`)
  button.click()
}

function dropOn(node: string, files: File[]): Promise<void> {
  const items = files.map((file) => ({ getAsFile: () => file, webkitGetAsEntry: () => ({ isDirectory: false }) }))
  const dataTransfer = { types: ['Files'], items, dropEffect: 'none' }
  return app.get(`[data-node="${node}"]`).trigger('drop', { dataTransfer })
}

function aManifest(name: string, file = `${name}.yaml`): File {
  const content = `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec:\n  containers:\n    - name: a\n      image: nginx\n`
  return new File([content], file)
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

describe('a lab with two nodes', () => {
  it('given files, shows each with its verdict, and the pod that came from it in the same row', async () => {
    await open()
    await pass(1_000)
    const row = app.get('li[aria-label="web.yaml"]')
    expect(row.get('[data-file]').attributes()).toMatchObject({ 'data-verdict': 'accepted', 'data-reason': 'Pod' })
    expect(row.get('[data-pod="web-node01"]').attributes()).toMatchObject({
      'data-status': 'Running',
      'data-ready': '1/1',
      'data-restarts': '0',
    })
  })

  it('given a Deployment, says in plain words why nothing starts', async () => {
    await open()
    const row = app.get('li[aria-label="deployment.yaml"]')
    expect(row.text()).toContain('A Deployment is no Pod. The kubelet runs Pods only')
    expect(row.text()).toContain('line 3')
    expect(row.find('[data-pod]').exists()).toBe(false)
  })

  it('given a pod that crashes again and again, counts its back-off down', async () => {
    await open()
    await pass(700 + 3_000 + 700 + 3_000 + 900)
    const pod = app.get('[data-pod="crash-loop-node01"]')
    expect(pod.attributes('data-status')).toBe('CrashLoopBackOff')
    const before = Number(pod.get('[data-countdown]').attributes('data-countdown'))
    await pass(3_000)
    expect(Number(pod.get('[data-countdown]').attributes('data-countdown'))).toBe(before - 3)
    expect(pod.text()).toContain('the kubelet waits 10s before the next try')
    await pass(7_000)
    expect(pod.attributes()).toMatchObject({ 'data-status': 'Running', 'data-restarts': '2' })
  })

  it('given a crash by hand, it is explained, the pod runs again with one restart more, and a card has seen it', async () => {
    await open()
    await pass(1_000)
    await press('Crash web-node01')
    await pass(100)
    expect(document.body.textContent).toContain('The pod is not replaced.')
    pressText('Crash it')
    await pass(4_000)
    expect(app.get('[data-pod="web-node01"]').attributes()).toMatchObject({
      'data-status': 'Running',
      'data-restarts': '1',
    })
    const card = app.get('[data-consequences="ContainerCrashed"]')
    expect(card.attributes('data-concluded')).toBe('true')
    expect(card.get('[data-expectation="restarted"]').attributes('data-seen')).toBe('seen')
    expect(card.text()).toContain('restart count 0 → 1')
  })

  it('given a removed manifest, the pod goes, and Undo brings both back', async () => {
    await open()
    await pass(1_000)
    await press('Remove web.yaml')
    await pass(100)
    expect(app.get('[data-pod="web-node01"]').attributes('data-status')).toBe('Terminating')
    await pass(2_000)
    expect(app.find('[data-pod="web-node01"]').exists()).toBe(false)
    pressText('Undo')
    await pass(1_000)
    expect(app.get('[data-pod="web-node01"]').attributes('data-status')).toBe('Running')
  })

  it('given an action that fails, says what, why, and what to do', async () => {
    await open()
    bridge.failures.set(
      'node/add',
      new LabError({ kind: 'Unavailable', message: 'The disk is full.', remedy: 'Free some space.' }),
    )
    pressText('Add a node')
    await pass(100)
    const toast = document.querySelector('[data-toast="error"]')?.textContent ?? ''
    expect(toast).toContain('No node could be added')
    expect(toast).toContain('The disk is full.')
    expect(toast).toContain('What to do: Free some space.')
  })
})

describe('a node that is off', () => {
  it('given files, shows them as paper without pods, and removes one and brings it back', async () => {
    await open('stopped')
    expect(app.get('[data-file="web.yaml"]').attributes('data-verdict')).toBe('unread')
    expect(app.find('[data-pod]').exists()).toBe(false)
    await press('Remove web.yaml')
    await pass(100)
    expect(app.find('[data-file="web.yaml"]').exists()).toBe(false)
    pressText('Undo')
    await pass(100)
    expect(app.get('[data-file="web.yaml"]').attributes('data-verdict')).toBe('unread')
  })

  it('given the inspector of a file, says that it is not read yet, and not that no pod came from it', async () => {
    await open('stopped')
    await press('Open web.yaml')
    await pass(100)
    const inspector = app.get('aside[aria-label="Inspector"]')
    expect(inspector.text()).toContain('kind: Pod')
    const tab = inspector.findAll('[role="tab"]').find((one) => one.text().startsWith('Lifecycle'))
    await tab?.trigger('mousedown', { button: 0 })
    await pass(50)
    expect(inspector.text()).toContain('waits for the kubelet')
    expect(inspector.text()).not.toContain('No pod came from this file.')
  })
})

describe('dropping files', () => {
  it('given a manifest from outside, it starts at once', async () => {
    await open()
    await dropOn('node02', [aManifest('shop')])
    await pass(1_000)
    expect(app.get('[data-node="node02"] [data-pod="shop-node02"]').attributes('data-status')).toBe('Running')
  })

  it('given a name that is taken, asks first, and can keep both', async () => {
    await open()
    await dropOn('node01', [aManifest('other', 'web.yaml')])
    await pass(100)
    expect(document.body.textContent).toContain('Replace web.yaml on node01?')
    expect(bridge.calls.some(({ name }) => name === 'manifest/apply')).toBe(false)
    pressText('Keep both, as web-2.yaml')
    await pass(1_000)
    expect(app.get('li[aria-label="web-2.yaml"] [data-pod]').attributes('data-pod')).toBe('other-node01')
    expect(app.get('li[aria-label="web.yaml"] [data-pod]').attributes('data-pod')).toBe('web-node01')
  })

  it('given a picture, refuses it and sends nothing', async () => {
    await open()
    await dropOn('node02', [new File([new Uint8Array([0x89, 0x50, 0xff])], 'photo.png')])
    await pass(100)
    expect(document.querySelector('[data-toast="error"]')?.textContent).toContain('photo.png could not be read')
    expect(bridge.calls.some(({ name }) => name === 'manifest/apply')).toBe(false)
  })

  it('given a node that is off, puts the file there unread, says when it is read, and runs it then', async () => {
    await open('stopped')
    await dropOn('node02', [aManifest('shop')])
    await pass(100)
    const toast = document.querySelector('[data-toast="success"]')?.textContent
    expect(toast).toContain('No kubelet runs on node02 now. It reads the file when it starts.')
    const paper = app.get('[data-node="node02"] [data-file="shop.yaml"]')
    expect(paper.attributes()).toMatchObject({ 'data-verdict': 'unread', 'data-reason': 'KubeletNotRunning' })
    expect(paper.text()).toContain('waits for the kubelet')
    expect(paper.text()).toContain('The kubelet is not running: it reads this file when it starts.')
    pressText('Start the lab')
    await pass(8_000)
    expect(app.get('[data-pod="shop-node02"]').attributes('data-status')).toBe('Running')
  })
})

describe('the sample shelf', () => {
  it('given a click on a sample, the dialog tells what will happen and puts it on the chosen node', async () => {
    await open()
    await press('Add hello.yaml to a node')
    await pass(50)
    const dialog = document.querySelector('[role="dialog"]')
    expect(dialog?.textContent).toContain('Pod hello-node01 will start on node01')
    const second = dialog?.querySelectorAll<HTMLInputElement>('input[type="radio"]')[1]
    second?.click()
    await pass(50)
    expect(dialog?.textContent).toContain('Pod hello-node02 will start on node02')
    dialog?.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }))
    await pass(1_000)
    expect(app.get('[data-node="node02"] [data-pod="hello-node02"]').attributes('data-status')).toBe('Running')
  })
})

describe('the inspector', () => {
  it('given a pod, shows what happened to it, live, and stays open when its file is removed', async () => {
    await open()
    await pass(1_000)
    await press('Open web-node01')
    const inspector = app.get('aside[aria-label="Inspector"]')
    expect(inspector.text()).toContain('Started container nginx')
    await press('Remove web.yaml')
    await pass(100)
    expect(inspector.text()).toContain('Stopping container nginx')
    await pass(3_000)
    expect(inspector.text()).toContain('Gone from node01')
  })

  it('given the log, follows it and marks what is searched for', async () => {
    await open()
    await pass(1_000)
    await press('Logs of web-node01')
    // The panel is loaded when it is opened.
    await vi.dynamicImportSettled()
    await pass(2_100)
    const log = app.get('[role="log"]')
    expect(log.text()).toContain('hello number 14 from web-node01')
    await app.get('aside input[type="search"]').setValue('NUMBER 14')
    await pass(100)
    expect(log.findAll('mark').map((mark) => mark.text())).toEqual(['number 14'])
  })

  it('given a refused file, opens its content with the line marked', async () => {
    await open()
    await press('Open deployment.yaml')
    await pass(100)
    expect(app.get('aside li.marked').text()).toBe('kind: Deployment')
  })
})

describe('when there is nothing yet', () => {
  it('given no lab, offers to create it, shows the steps, and then the nodes', async () => {
    await open('empty')
    await vi.dynamicImportSettled()
    await pass(0)
    pressText('Look around first')
    await pass(0)
    expect(app.text()).toContain('No lab yet')
    pressText('Create the lab')
    await pass(1_500)
    expect(app.text()).toContain('node01: starting')
    await pass(4_000)
    expect(app.findAll('[data-node]')).toHaveLength(2)
    expect(app.text()).toContain('Drop a manifest here')
  })

  it('given no engine, says what to do', async () => {
    await open('no-engine')
    expect(app.text()).toContain('No Docker engine answers')
    expect(app.text()).toContain('Start Docker, or install it.')
    expect(app.get('[data-engine]').attributes('data-engine')).toBe('unreachable')
  })
})

describe('other places', () => {
  it('given the other language and the dark theme, keeps both', async () => {
    await open()
    pressText('한국어')
    await pass(0)
    expect(document.documentElement.lang).toBe('ko')
    pressText('설정')
    await pass(0)
    pressText('어둡게')
    await pass(0)
    expect(document.documentElement.dataset['theme']).toBe('dark')
    expect(bridge.settings.state.settings).toMatchObject({ theme: 'dark', locale: 'ko' })
  })
})
