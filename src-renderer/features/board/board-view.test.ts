import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { NOW } from '../../testing/fixtures.ts'
import { OpenedApp } from '../../testing/opened-app.ts'

let app: OpenedApp

beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
})
afterEach(() => {
  app.close()
  vi.useRealTimers()
})

const nodes = (): (string | undefined)[] => app.view.findAll('[data-node]').map((node) => node.attributes('data-node'))

describe('looking at the board', () => {
  it('given words, then only rows and nodes with them are left, and all come back without them', async () => {
    app = await OpenedApp.open('default')
    await app.view.get('[data-board-search]').setValue('WEB')
    expect(nodes()).toEqual(['node01'])
    expect(app.filesOf('node01')).toEqual(['web.yaml'])
    await app.view.get('[data-board-search]').setValue('no such thing')
    expect(app.words).toContain('Nothing on the board matches')
    await app.pressText('Show everything')
    expect(nodes()).toEqual(['node01', 'node02'])
  })

  it('given only what needs attention, then a refused file stays and a healthy pod goes', async () => {
    app = await OpenedApp.open('default')
    await app.pass(1_000)
    await app.view.get('[aria-label="View"]').trigger('click')
    await app.pass(50)
    await app.pressText('Only what needs attention')
    expect(app.filesOf('node01')).toEqual(['deployment.yaml'])
  })
})

describe('simulated nodes', () => {
  it('given a control plane, when some are added and removed from the window, then the head counts them', async () => {
    app = await OpenedApp.open('cluster')
    await app.view.get('[aria-label="Lab actions"]').trigger('click')
    await app.pass(50)
    await app.pressText('Add simulated nodes…')
    await app.pressText('50')
    document.querySelector('[role="dialog"] form')?.dispatchEvent(new Event('submit', { cancelable: true }))
    await app.pass(4_000)
    expect(app.view.get('[data-lab]').text()).toContain('50 simulated')
    expect(app.view.findAll('[data-simulated]')).toHaveLength(50)
    await app.view.get('[aria-label="Remove them all…"]').trigger('click')
    await app.pass(50)
    await app.pressText('Remove them')
    await app.pass(4_000)
    expect(app.view.findAll('[data-simulated]')).toHaveLength(0)
  })

  it('given no control plane, then it is said that they need one, and none can be added', async () => {
    app = await OpenedApp.open('default')
    await app.view.get('[aria-label="Lab actions"]').trigger('click')
    await app.pass(50)
    await app.pressText('Add simulated nodes…')
    expect(app.words).toContain('They need a control plane')
    document.querySelector('[role="dialog"] form')?.dispatchEvent(new Event('submit', { cancelable: true }))
    await app.pass(2_000)
    expect(app.bridge.calls.some(({ name }) => name === 'simulated/add')).toBe(false)
  })
})
