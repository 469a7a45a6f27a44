import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import App from '../../App.vue'
import { installBridge } from '../../bridge/client.ts'
import { createFakeBridge, type FakeBridge } from '../../bridge/fake-bridge.ts'
import { mountInApp } from '../../testing/mount-app.ts'

let bridge: FakeBridge
let wrapper: VueWrapper | undefined

afterEach(() => {
  wrapper?.unmount()
  bridge.dispose()
})

async function open(scenario: string): Promise<VueWrapper> {
  bridge = createFakeBridge(scenario)
  installBridge(bridge)
  wrapper = mountInApp(App)
  await expect.poll(() => document.querySelector('[data-engine]')?.getAttribute('data-engine')).not.toBe('unknown')
  await flushPromises()
  return wrapper
}

describe('first-run page', () => {
  it('given no lab, when the app opens, then it is shown in place of the board, with the engine ready and three presets', async () => {
    const app = await open('empty')
    await expect.poll(() => app.find('[data-welcome]').exists()).toBe(true)
    expect(app.get('[data-engine-check]').attributes('data-engine-check')).toBe('ready')
    expect(app.findAll('[data-preset]').map((card) => card.attributes('data-preset'))).toEqual([
      'one-node',
      'two-nodes',
      'kubeadm',
    ])
  })

  it('given a lab, when the app opens, then the board is there', async () => {
    const app = await open('default')
    expect(app.find('[data-welcome]').exists()).toBe(false)
    expect(app.find('[data-node=node01]').exists()).toBe(true)
  })

  it('given no lab, when one is made by the command line, then the board comes by itself', async () => {
    const app = await open('empty')
    await expect.poll(() => app.find('[data-welcome]').exists()).toBe(true)
    const folder = '/h/labs/default'
    bridge.emit('lab/changed', { name: 'default', state: 'running', folder, subnet: '172.30.0.0/24', nodes: [] })
    await expect.poll(() => app.find('[data-lab=default]').exists()).toBe(true)
  })

  it('given no engine, then its words and remedies are told and nothing can be made', async () => {
    const app = await open('no-engine')
    await expect.poll(() => app.find('[data-welcome]').exists()).toBe(true)
    const check = app.get('[data-engine-check=unreachable]')
    expect(check.text()).toContain('no such file')
    expect(check.findAll('li').length).toBeGreaterThan(1)
    expect(app.get('[data-preset=two-nodes]').attributes('disabled')).toBeDefined()
  })

  it('given a preset, when chosen and made, then the board opens with a first thing to do, which goes once it is done', async () => {
    const app = await open('empty')
    await expect.poll(() => app.find('[data-preset=kubeadm]').exists()).toBe(true)
    await app.get('[data-preset=kubeadm]').trigger('click')
    expect(bridge.calls).toContainEqual({
      name: 'lab/up',
      parameters: { lab: 'default', nodes: 2, controlPlane: true },
    })
    await flushPromises()
    expect(app.get('[data-making]').text()).toContain('Starting the lab default')
    await expect.poll(() => app.find('.first-step').exists()).toBe(true)
    await app.get('.first-step').get('button').trigger('click')
    await flushPromises()
    expect(bridge.calls).toContainEqual(expect.objectContaining({ name: 'manifest/apply' }))
    expect(app.find('.first-step').exists()).toBe(false)
  })

  it('given a lab that is being made, when cancelled, then the choice is there again and no error is told', async () => {
    const app = await open('empty')
    await expect.poll(() => app.find('[data-preset=one-node]').exists()).toBe(true)
    await app.get('[data-preset=one-node]').trigger('click')
    await flushPromises()
    await app.get('[data-making] button').trigger('click')
    await expect.poll(() => app.find('[data-preset=one-node]').exists()).toBe(true)
    expect(document.querySelector('[data-toast=error]')).toBeNull()
  })
})
