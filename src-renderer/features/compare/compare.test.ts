import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LabError } from '@common/lab-error.ts'
import { OpenedApp } from '../../testing/opened-app.ts'

let app: OpenedApp

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  app.close()
  vi.useRealTimers()
})

async function openPage(scenario: string): Promise<void> {
  app = await OpenedApp.open(scenario)
  app.view.find<HTMLElement>('a[href="/compare"]').element.click()
  await app.pass(50)
  await vi.dynamicImportSettled()
  await app.pass(50)
}

async function press(selector: string): Promise<void> {
  const element = document.querySelector<HTMLElement>(selector)
  if (element === null) throw new Error(`There is no ${selector}.`)
  element.click()
  await app.pass(50)
}

/** @param guess hypothesis that is chosen; none when absent */
async function run(experiment: string, guess?: string): Promise<void> {
  await press(`[data-experiment="${experiment}"] .foot button:last-child`)
  if (guess !== undefined) await press(`[data-guess="${guess}"]`)
  await press('[data-run-experiment]')
}

const states = (side: string): (string | undefined)[] =>
  app.view.findAll(`[data-side="${side}"] [data-station]`).map((station) => station.attributes('data-state'))
const textOf = (selector: string): string => document.querySelector(selector)?.textContent?.trim() ?? ''

describe('the Compare page', () => {
  it('given a lab without a control plane, then it says why one is needed, and its button asks for one', async () => {
    await openPage('default')
    expect(app.view.find('[data-compare="no-control-plane"]').exists()).toBe(true)
    await app.pressText('Add a control plane')
    expect(app.bridge.calls.at(-1)).toEqual({ name: 'lab/up', parameters: { lab: 'default', controlPlane: true } })
  })

  it('given no agents, when they are put on the nodes, then each side has a pod on every worker, and its way is lit', async () => {
    await openPage('cluster')
    expect(states('daemonSet')).toEqual(Array.from({ length: 7 }, () => 'ahead'))
    await press('[data-set-up]')
    await app.pass(600)
    expect(states('daemonSet').slice(3)).toEqual(['reached', 'reached', 'reached', 'at-work'])
    await app.pass(3_000)
    expect(states('daemonSet')).toEqual(['passed', 'passed', 'passed', 'reached', 'reached', 'reached', 'reached'])
    expect(states('static')).toEqual(['reached', 'reached', 'reached', 'reached'])
    expect(app.view.findAll('[data-agent]').map((pod) => pod.attributes('data-status'))).toEqual(
      Array.from({ length: 4 }, () => 'Running'),
    )
    expect(app.view.find('[data-agents-notice]').exists()).toBe(false)
  })

  it('given a guess, when an experiment runs to its end, then steps are followed, the verdict answers both sides, and evidence opens', async () => {
    await openPage('cluster')
    await run('delete-pod', 'static-stays')
    expect(app.view.find('[data-run="delete-pod"]').attributes('data-run-state')).toBe('setting-up')
    await app.pass(4_000)
    expect(app.view.findAll('[data-step-state]').map((step) => step.attributes('data-step-state'))).toEqual([
      ...['now', 'ahead', 'ahead'],
    ])
    await app.pass(9_000)
    const verdict = app.view.get('[data-result="delete-pod"]')
    expect(verdict.attributes('data-outcome')).toBe('finished')
    expect(verdict.get('[data-guess-held]').text()).toContain('Your guess was right')
    const answers = verdict.findAll('[data-observation="stops"] [data-verdict]').map((answer) => answer.text())
    expect(answers).toEqual(['noas Kubernetes does', 'yesas Kubernetes does'])
    await press('[data-observation="made-by"] .proof')
    expect(document.querySelectorAll('[data-evidence-sheet] [data-evidence]').length).toBeGreaterThan(2)
  })

  it('given a wrong guess, then the sheet had not told the answer, and the verdict names the guess that held', async () => {
    await openPage('cluster')
    await press('[data-experiment="delete-pod"] .foot button:last-child')
    expect(textOf('[data-experiment-sheet]')).not.toContain('A mirror pod is a reflection')
    await press('[data-guess="both-gone"]')
    await press('[data-run-experiment]')
    await app.pass(14_000)
    expect(textOf('[data-guess-held]')).toContain('Your guess was wrong')
    expect(textOf('[data-held-instead]')).toContain('The static pod’s container runs on')
    expect(textOf('[data-result]')).toContain('A mirror pod is a reflection')
  })

  it('given a run, when it is cancelled, then it ends without answers and the table stays empty', async () => {
    await openPage('cluster')
    await run('crash-container')
    await press('[data-cancel-run]')
    await app.pass(4_000)
    expect(app.view.get('[data-result="crash-container"]').attributes('data-outcome')).toBe('cancelled')
    expect(app.view.findAll('[data-cell-answer]')).toEqual([])
    expect(app.view.get('[data-experiment="crash-container"]').attributes('data-standing')).toBe('not-finished')
  })

  it('given what nobody expects, then it is told in words and by a sign, and the table keeps it beside, not in place', async () => {
    await openPage('cluster-broken')
    expect(textOf('[data-unfinished]')).toContain('cut short')
    await run('stop-scheduler')
    await app.pass(14_000)
    const against = app.view.get('[data-answer-side="daemonSet"] [data-verdict]')
    expect(against.attributes('data-verdict')).toBe('against')
    expect(against.text()).toContain('not as Kubernetes is known to do · known: no')
    expect(against.find('svg').exists()).toBe(true)
    const cell = app.view.get('[data-row="ignored-by-scheduler"] [data-cell-side="daemonSet"]')
    expect(cell.find('[data-cell-answer]').exists()).toBe(false)
    expect(cell.get('[data-cell-against]').text()).toMatch(/^yesnot as Kubernetes is known to do/)
  })

  it('given an empty cell, then it claims nothing, and leads to the experiment that fills it', async () => {
    await openPage('cluster')
    const cell = '[data-row="restarts"] [data-cell-side="static"]'
    expect(textOf(cell)).toContain('not observed yet')
    await press(`${cell} button`)
    expect(document.querySelector('[data-experiment-sheet="crash-container"]')).not.toBeNull()
  })

  it('given the switch for a Deployment, then a third column is there, and its agents come with the others', async () => {
    await openPage('cluster')
    await press('[data-third-side]')
    expect(app.view.find('[data-side="deployment"]').exists()).toBe(true)
    await press('[data-set-up]')
    expect(app.bridge.calls.at(-1)).toEqual({
      name: 'comparison/set-up',
      parameters: { lab: 'default', deployment: true },
    })
    await press('[data-third-side]')
    expect(app.view.find('[data-side="deployment"]').exists()).toBe(false)
  })

  it('given an experiment that needs more workers than there are, then it cannot be run and says why', async () => {
    await openPage('cluster')
    await press('[data-experiment="add-node"] .foot button:last-child')
    expect(document.querySelector<HTMLButtonElement>('[data-run-experiment]')?.disabled).toBe(true)
    expect(app.words).toContain('it takes 3')
  })

  it('given a refusal to start, then the message says it and the sheet stays open', async () => {
    await openPage('cluster')
    app.bridge.failures.set('experiment/run', new LabError({ kind: 'Conflict', message: 'another one runs' }))
    await run('delete-pod')
    expect(app.words).toContain('The experiment could not be started')
    expect(document.querySelector('[data-experiment-sheet]')).not.toBeNull()
  })

  it('given agents that are still on their way, then nothing can be run, and the sheet says what it waits for', async () => {
    await openPage('cluster')
    let answer = (): void => undefined
    const real = app.bridge.call.bind(app.bridge)
    vi.spyOn(app.bridge, 'call').mockImplementation(async (name, parameters) => {
      if (name === 'comparison/set-up') await new Promise<void>((resolve) => (answer = resolve))
      return real(name, parameters)
    })
    await press('[data-set-up]')
    await press('[data-experiment="delete-pod"] .foot button:last-child')
    const button = document.querySelector<HTMLButtonElement>('[data-run-experiment]')
    expect(button?.disabled).toBe(true)
    expect(textOf('[data-experiment-sheet]')).toContain('Putting the agents on the nodes')
    answer()
    await app.pass(50)
    expect(button?.disabled).toBe(false)
  })

  it('given that nothing could be read, then the page says so and tries again', async () => {
    app = await OpenedApp.open('cluster')
    app.bridge.failures.set('comparison/state', new LabError({ kind: 'Unavailable', message: 'not now' }))
    app.view.find<HTMLElement>('a[href="/compare"]').element.click()
    await app.pass(50)
    await vi.dynamicImportSettled()
    await app.pass(50)
    expect(app.words).toContain('not now')
    await app.pressText('Try again')
    expect(app.view.find('[data-side="static"]').exists()).toBe(true)
  })

  it('given agents that stay, when they are to be removed, then it is asked first, and they go', async () => {
    await openPage('cluster')
    await press('[data-set-up]')
    await app.pass(3_000)
    await app.pressText('Remove the agents')
    expect(app.view.findAll('[data-agent]')).toHaveLength(4)
    await press('[data-confirm-remove]')
    await app.pass(3_000)
    expect(app.view.findAll('[data-agent]')).toEqual([])
    expect(app.view.find('[data-agents-notice]').exists()).toBe(true)
  })

  it('given a run that was started, then the keyboard is at the run, where its steps are told', async () => {
    await openPage('cluster')
    await run('crash-container')
    await app.pass(50)
    expect(document.activeElement?.getAttribute('data-run')).toBe('crash-container')
  })

  it('given results, when they are forgotten, then the table is empty again', async () => {
    await openPage('cluster')
    await run('delete-pod')
    await app.pass(14_000)
    expect(textOf('[data-table-progress]')).toBe('4 of 10 cells filled')
    app.view.findComponent({ name: 'DifferenceTable' }).vm.$emit('forget')
    await app.pass(50)
    expect(textOf('[data-table-progress]')).toBe('0 of 10 cells filled')
  })
})
