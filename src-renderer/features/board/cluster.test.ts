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

async function open(scenario: string): Promise<void> {
  bridge = createFakeBridge(scenario)
  installBridge(bridge)
  app = mountInApp(App)
  await pass(1_000)
}

async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds)
  await flushPromises()
}

async function press(text: string): Promise<void> {
  const button = app.findAll('button').find((candidate) => candidate.text() === text)
  if (button === undefined) throw new Error(`There is no button "${text}".`)
  await button.trigger('click')
}

function card(pod: string): ReturnType<VueWrapper['get']> {
  return app.get(`[data-reflection="${pod}"]`)
}

async function select(pod: string): Promise<void> {
  await card(pod).get('button').trigger('click')
  await pass(0)
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

describe('adding a control plane', () => {
  it('given a lab without one, when it is added, then the API server shows the mirrors of all static pods', async () => {
    await open('default')
    await press('Add a control plane')
    expect(bridge.calls).toContainEqual({ name: 'lab/up', parameters: { lab: 'default', controlPlane: true } })
    expect(app.get('[data-api-server]').text()).toContain('What runs here runs on meanwhile.')
    await pass(6_000)
    expect(app.get('[data-api-server]').attributes('data-api-server')).toBe('ready')
    expect(card('kube-apiserver-controlplane').attributes('data-kind')).toBe('mirror')
    expect(card('web-node01').text()).toContain('web.yaml')
    expect(app.get('[data-node="controlplane"]').get('[data-role]').text()).toBe('control plane')
  })

  it('given a refusal, when it is added, then the reason is told and it can be tried again', async () => {
    await open('default')
    bridge.failures.set('lab/up', new LabError({ kind: 'Unavailable', message: 'No port is free.' }))
    await press('Add a control plane')
    await pass(0)
    expect(document.body.textContent).toContain('No port is free.')
    expect(app.get('[data-api-server="none"] button').attributes('disabled')).toBeUndefined()
  })
})

describe('the strip of the API server', () => {
  it('given a mirror, when it is pointed at, then its row on the node lights up, and the other way round', async () => {
    await open('cluster')
    const row = app.get('li[aria-label="web.yaml"]')
    await card('web-node01').trigger('mouseenter')
    expect(row.classes()).toContain('lit')
    await card('web-node01').trigger('mouseleave')
    expect(row.classes()).not.toContain('lit')
    await row.trigger('mouseenter')
    expect(card('web-node01').classes()).toContain('lit')
    expect(card('crash-loop-node01').classes()).not.toContain('lit')
  })

  it('given pods of the API, then their owners are named, and one without a node says so', async () => {
    await open('cluster')
    expect(card('agent-x7k0p').text()).toMatch(/DaemonSet agent\s*node01/)
    expect(card('agent-x7k0p').attributes('data-kind')).toBe('api')
    expect(card('waits').text()).toMatch(/made by hand\s*no node yet/)
  })

  it('given its file is taken away, then it says why, and what was known last stays', async () => {
    await open('cluster')
    await app.get('[aria-label="Remove kube-apiserver.yaml"]').trigger('click')
    await pass(100)
    const strip = app.get('[data-api-server]')
    expect(strip.attributes('data-api-server')).toBe('away')
    expect(strip.text()).toContain('kube-apiserver.yaml is not in the manifest folder of controlplane')
    expect(strip.text()).toContain('what was known last. The pods run on')
    expect(app.find('[data-reflection="web-node01"]').exists()).toBe(true)
    expect(app.get('[data-node="node01"]').text()).toContain('as known last')
  })

  it('given a tainted node, then the taint is there with what it does', async () => {
    await open('cluster')
    const taint = app.get('[data-taint="node-role.kubernetes.io/control-plane:NoSchedule"]')
    expect(taint.text()).toBe('control-planekeeps new pods away')
  })
})

describe('acting on a mirror', () => {
  it('given a delete, then a new UID comes, the container is the same, and the file is offered', async () => {
    await open('cluster')
    const uid = card('web-node01').attributes('data-uid')
    await select('web-node01')
    await press('Delete')
    await pass(0)
    expect(app.get('[data-deletion]').attributes('data-deletion')).toBe('gone')
    await pass(500)
    const story = app.get('[data-deletion]')
    expect(story.attributes()).toMatchObject({ 'data-deletion': 'back', 'data-containers': 'same' })
    expect(story.text()).toContain('The kubelet made it again, from web.yaml on node01.')
    expect(story.text()).toContain('after 140 ms')
    expect(card('web-node01').attributes('data-uid')).not.toBe(uid)
    await press('Open web.yaml')
    await pass(0)
    expect(app.get('[aria-label="Manifest"]').text()).toContain('kind: Pod')
  })

  it('given a delete that is refused, then the reason is told and no story begins', async () => {
    await open('cluster')
    await select('web-node01')
    bridge.failures.set(
      'cluster/delete-pod',
      new LabError({ kind: 'Conflict', message: 'pods "web-node01" is forbidden' }),
    )
    await press('Delete')
    await pass(0)
    expect(document.body.textContent).toContain('pods "web-node01" is forbidden')
    expect(app.find('[data-deletion]').exists()).toBe(false)
  })

  it('given Edit, then it says what the API takes, that nothing comes of it, and opens the file', async () => {
    await open('cluster')
    await select('web-node01')
    await press('Edit')
    const note = app.get('[data-mirror-edit]')
    expect(note.text()).toContain('spec.containers[*].image')
    expect(note.text()).toContain('the kubelet on node01 reads its file, not the mirror')
    await note.findAll('button').at(-1)?.trigger('click')
    await pass(0)
    expect(app.get('[aria-label="Manifest"]').text()).toContain('kind: Pod')
  })
})

describe('acting on a pod of the API', () => {
  it('given an owner, says who brings it back; given none, that nobody does; and deletes it', async () => {
    await open('cluster')
    await select('agent-x7k0p')
    expect(app.get('[data-api-kind="api"]').text()).toContain('DaemonSet agent owns it')
    await select('by-hand')
    expect(app.get('[data-api-kind="api"]').text()).toContain('once deleted, nobody makes it again')
    await press('Delete')
    await pass(0)
    expect(app.find('[data-reflection="by-hand"]').exists()).toBe(false)
    expect(app.find('[data-deletion]').exists()).toBe(false)
  })
})
