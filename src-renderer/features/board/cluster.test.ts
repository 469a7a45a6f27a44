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

/** The button of a dialog, which is beside the app. */
async function confirm(text: string): Promise<void> {
  const button = [...document.querySelectorAll('[role="dialog"] button')].find((one) => one.textContent === text)
  if (!(button instanceof HTMLElement)) throw new Error(`No dialog has a button "${text}".`)
  button.click()
  await pass(0)
}

function seen(expectation: string): string | undefined {
  return app.find(`[data-consequences] [data-expectation="${expectation}"]`).attributes('data-seen')
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
    expect(card('agent-x7k0p').text()).toMatch(/node01\s*DaemonSet agent/)
    expect(card('agent-x7k0p').attributes('data-kind')).toBe('api')
    expect(card('waits').text()).toMatch(/no node yet\s*made by hand/)
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
    await confirm('Delete the mirror')
    expect([seen('oldGone'), seen('mirrorBack')]).toEqual(['seen', 'pending'])
    expect(app.get('[data-api-kind="mirror"]').text()).toContain('web.yaml')
    await pass(500)
    expect([seen('mirrorBack'), seen('containersSame')]).toEqual(['seen', 'seen'])
    const story = app.get('[data-consequences="ApiPodDeleted"]')
    expect(story.attributes('data-concluded')).toBe('true')
    expect(story.text()).toContain('The kubelet made the mirror again.')
    expect(story.text()).toContain('after 140ms')
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
    await confirm('Delete the mirror')
    expect(document.body.textContent).toContain('pods "web-node01" is forbidden')
    expect(app.find('[data-consequences]').exists()).toBe(false)
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
    await confirm('Delete the pod')
    expect(app.find('[data-reflection="by-hand"]').exists()).toBe(false)
    expect(seen('oldGone')).toBe('seen')
  })
})

describe('who gives pods of DaemonSets their nodes', () => {
  function openSwitch(): Promise<void> {
    return app.get('[data-scheduling-toggle]').trigger('click')
  }

  it('given the switch, when it is turned off, then the lab is asked, and the window shows what runs then', async () => {
    await open('cluster')
    expect(app.get('[data-scheduling-toggle]').text()).toBe('DaemonSets: the scheduler binds')
    await openSwitch()
    const toggle = app.get('[data-scheduling] [role="switch"]')
    expect(toggle.attributes('aria-checked')).toBe('true')
    await toggle.trigger('click')
    expect(bridge.calls).toContainEqual({
      name: 'control-plane/set',
      parameters: { lab: 'default', scheduleDaemonSetPods: false },
    })
    await pass(8_000)
    expect(app.get('[data-scheduling]').attributes('data-scheduling')).toBe('controller')
    expect(app.get('[data-scheduling] [role="switch"]').attributes('aria-checked')).toBe('false')
    expect(app.get('[data-scheduling-toggle]').text()).toBe('DaemonSets: their controller binds')
  })

  it('given its manifest was taken away, then nobody acts, and the switch cannot be turned', async () => {
    await open('cluster')
    await app.get('[aria-label="Remove kube-controller-manager.yaml"]').trigger('click')
    await pass(5_000)
    await openSwitch()
    expect(app.get('[data-scheduling]').text()).toContain('No kube-controller-manager runs')
    expect(app.get('[data-scheduling] [role="switch"]').attributes('disabled')).toBeDefined()
  })

  it('given a refusal, then the reason is told and the switch stands as before', async () => {
    await open('cluster')
    await openSwitch()
    bridge.failures.set('control-plane/set', new LabError({ kind: 'Conflict', message: 'has no command' }))
    await app.get('[data-scheduling] [role="switch"]').trigger('click')
    await pass(0)
    expect(document.body.textContent).toContain('has no command')
    expect(app.get('[data-scheduling] [role="switch"]').attributes('aria-checked')).toBe('true')
  })
})

async function openTab(name: string): Promise<void> {
  const tab = app.findAll('aside [role="tab"]').find((one) => one.text() === name)
  await tab?.trigger('mousedown', { button: 0 })
  await pass(0)
}

describe('where a pod of the API comes from', () => {
  it('given pods of a DaemonSet, a Deployment and a kubelet, then maker and binder are told with evidence', async () => {
    await open('cluster')
    expect(card('shop-6d5f7c9b8-q2w4z').attributes('data-owner')).toBe('Deployment shop')
    await select('agent-x7k0p')
    await pass(0)
    const origin = app.get('[data-binder]')
    expect(origin.attributes('data-binder')).toBe('scheduler-pinned')
    expect(origin.text()).toContain('matchFields: metadata.name In [node01]')
    await openTab('Events')
    expect(app.get('[data-event="Scheduled"]').text()).toContain('default-scheduler')
    await openTab('API')
    await select('web-node01')
    await pass(0)
    expect(app.get('[data-binder]').attributes('data-binder')).toBe('kubelet')
    await select('waits')
    await pass(0)
    expect(app.get('[data-binder]').attributes('data-binder')).toBe('waiting')
  })
})

describe('a node whose kubelet is silent', () => {
  it('given it is unreachable, then why and since when is told, and what the API server still lists', async () => {
    await open('cluster-outage')
    const node = app.get('[data-node="node02"]')
    expect(node.get('[data-node-ready]').text()).toMatch(/API server: NotReady\s*for 90s/)
    expect(node.text()).toContain('NodeStatusUnknown: Kubelet stopped posting node status.')
    const taint = node.get('[data-taint^="node.kubernetes.io/unreachable"]')
    expect(taint.text()).toContain('keeps new pods away, drives pods away')
    const listed = node.get('[data-listed] [data-reflection="agent-x7k1p"]')
    expect(listed.text()).toContain('DaemonSet agent')
    expect(listed.get('[data-unready]').text()).toBe('Ready: False')
    expect(app.find('[data-node="node01"] [data-listed]').exists()).toBe(false)
  })
})

describe('simulated nodes', () => {
  it('given 200 of them, then each is a tile, and they are summed up in words', async () => {
    await open('cluster-simulated')
    const field = app.get('[aria-label="Simulated nodes"]')
    expect(field.findAll('[data-simulated]')).toHaveLength(200)
    expect(field.text()).toContain('200 simulated nodes')
    expect(field.get('[data-not-ready]').text()).toBe('3 NotReady')
    expect(field.get('[data-workload="Deployment shop"]').text()).toContain('ready')
    expect(field.get('[data-simulated="sim041"]').attributes('data-tone')).toBe('failed')
    expect(field.get('[data-simulated="sim001"]').attributes('aria-label')).toBe('sim001: Ready, 5 pods')
  })

  it('given one is picked, then its pods and their owners are listed, and it is one stop for the Tab key', async () => {
    await open('cluster-simulated')
    expect(app.findAll('[data-simulated][tabindex="0"]')).toHaveLength(1)
    await app.get('[data-simulated="sim041"]').trigger('click')
    await pass(0)
    const facts = app.get('[data-simulated-facts="sim041"]')
    expect(facts.text()).toContain('NotReady')
    expect(facts.text()).toContain('DaemonSet log-collector')
    expect(facts.findAll('li[class="pod"]')).toHaveLength(2)
    expect(app.findAll('[data-simulated][tabindex="0"]').map((tile) => tile.attributes('data-simulated'))).toEqual([
      'sim041',
    ])
  })
})
