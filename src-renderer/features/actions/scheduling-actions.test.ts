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

async function openMenu(node: string): Promise<void> {
  const trigger = app.view.get<HTMLElement>(`[aria-label="Actions for ${node}"]`)
  await trigger.trigger('keydown', { key: 'Enter' })
  await app.pass(50)
}

async function choose(node: string, entry: string, button: string): Promise<void> {
  await openMenu(node)
  await app.pressText(entry)
  await app.pressText(button)
  await app.pass(1_000)
}

function seen(kind: string): Record<string, string | undefined> {
  const steps = app.view.findAll(`[data-consequences="${kind}"] [data-expectation]`)
  return Object.fromEntries(
    steps.map((step) => [step.attributes('data-expectation') ?? '', step.attributes('data-seen')]),
  )
}

describe('a node of a cluster', () => {
  it('given cordon and uncordon, then each is explained, the node shows it, and what runs goes on', async () => {
    app = await OpenedApp.open('cluster')
    await app.pass(3_000)
    await choose('node01', 'Take no new pods (cordon)…', 'Cordon it')
    expect(app.bridge.calls).toContainEqual({
      name: 'node/set-schedulable',
      parameters: { lab: 'default', node: 'node01', schedulable: false },
    })
    expect(seen('NodeCordoned')).toEqual({ cordoned: 'seen', containersRun: 'seen' })
    expect(app.view.get('[data-consequences="NodeCordoned"]').text()).toContain('Ready,SchedulingDisabled')
    expect(app.view.find('[data-node="node01"] [data-cordoned]').exists()).toBe(true)
    await choose('node01', 'Take new pods again (uncordon)…', 'Uncordon it')
    expect(seen('NodeUncordoned')).toEqual({ uncordoned: 'seen', containersRun: 'seen' })
    expect(app.view.find('[data-node="node01"] [data-cordoned]').exists()).toBe(false)
  })

  it('given drain, then ordinary pods go, their owner makes another elsewhere, and static pods run on', async () => {
    app = await OpenedApp.open('cluster')
    await app.pass(3_000)
    await openMenu('node01')
    await app.pressText('Empty the node (drain)…')
    expect(app.words).toContain('Mirror pods are left out')
    await app.pressText('Drain it')
    await app.pass(1_000)
    expect(seen('NodeDrained')).toEqual({ cordoned: 'seen', drained: 'seen', elsewhere: 'seen', othersStay: 'seen' })
    expect(app.view.get('[data-consequences="NodeDrained"]').text()).toContain('→ node02')
    expect(app.view.find('[data-reflection="by-hand"]').exists()).toBe(false)
    expect(app.view.find('[data-reflection="agent-x7k0p"]').exists()).toBe(true)
    expect(app.view.find('[data-reflection="web-node01"]').exists()).toBe(true)
  })

  it('given a disruption budget that forbids it, then the card says which pod stays, and why', async () => {
    app = await OpenedApp.open('cluster-budget')
    await app.pass(3_000)
    await choose('node01', 'Empty the node (drain)…', 'Drain it')
    expect(seen('NodeDrained')).toMatchObject({ drained: 'not-seen', budgetBlocks: 'seen', othersStay: 'seen' })
    expect(app.view.get('[data-consequences="NodeDrained"]').text()).toContain('The disruption budget shop needs 1')
  })
})

describe('a node without an API server', () => {
  it('given its menu, then nothing is offered that only a cluster knows', async () => {
    app = await OpenedApp.open('default')
    await openMenu('node01')
    expect(app.words).toContain('Pull the plug…')
    expect(app.words).not.toContain('drain')
  })
})
