import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LabError } from '@common/lab-error.ts'
import { NO_DISK } from '@common/lab/node-settings.ts'
import { NOW } from '../../testing/fixtures.ts'
import { OpenedApp } from '../../testing/opened-app.ts'

/** The in-memory node writes, restarts and is waited for. */
const APPLY_MS = 3_000
const RESTART = 'Apply and restart the kubelet'

let app: OpenedApp

beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
})
afterEach(() => {
  app.close()
  vi.useRealTimers()
})

async function openSettings(scenario: string, node = 'node01', prepare?: () => void): Promise<void> {
  app = await OpenedApp.open(scenario)
  await app.pass(500)
  prepare?.()
  await app.view.get<HTMLElement>(`[aria-label="Actions for ${node}"]`).trigger('keydown', { key: 'Enter' })
  await app.pass(50)
  await app.pressText('Settings…')
}

/** Dialogs lie outside the app's own element. */
function find(selector: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(selector)
}

function get(selector: string): HTMLElement {
  const element = find(selector)
  if (element === null) throw new Error(`There is no ${selector}.`)
  return element
}

function field(name: string): HTMLInputElement {
  return get(`[data-setting="${name}"] input`) as HTMLInputElement
}

async function fill(name: string, text: string): Promise<void> {
  field(name).value = text
  field(name).dispatchEvent(new Event('input', { bubbles: true }))
  await app.pass(50)
}

function wordsOf(name: string): string {
  return get(`[data-setting="${name}"]`).textContent ?? ''
}

function effectsOf(name: string): (string | undefined)[] {
  return [...get(`[data-setting="${name}"]`).querySelectorAll<HTMLElement>('[data-effect]')].map(
    ({ dataset }) => dataset['effect'],
  )
}

function applyButton(label = RESTART): HTMLButtonElement {
  const button = [...document.querySelectorAll('button')].find(({ textContent }) => textContent?.trim() === label)
  if (button === undefined) throw new Error(`There is no button "${label}".`)
  return button
}

describe('settings of a node', () => {
  it('given a node that runs, when they are opened, then each says its value, its default, its file and its field', async () => {
    await openSettings('default')
    const files = [...document.querySelectorAll('[data-node-settings] section')].map((one) =>
      one.getAttribute('aria-label'),
    )
    expect(files).toEqual(['/var/lib/kubelet/config.yaml', '/var/lib/kubelet/kubeadm-flags.env'])
    expect(field('staticPodPath').value).toBe('/etc/kubernetes/manifests')
    expect(field('maxPods').value).toBe('')
    expect(wordsOf('maxPods')).toContain('Not in the file · Default: 110')
    expect(wordsOf('taints')).toContain('registerWithTaints')
    expect(wordsOf('labels')).toContain('--node-labels')
    expect(applyButton().disabled).toBe(true)
  })

  it('given a right value, then it says what will come of it; when it is applied, then that alone is sent, with progress', async () => {
    await openSettings('default')
    await fill('maxPods', ' 20 ')
    expect(effectsOf('maxPods')).toEqual(['admission'])
    expect(get('[data-summary]').textContent).toContain('The kubelet restarts once. Containers run on meanwhile.')
    await app.pressText(RESTART)
    expect(get('[data-node-settings]').dataset['phase']).toBe('applying')
    expect(get('[data-node-settings]').textContent).toContain('writing its files')
    expect(field('maxPods').readOnly).toBe(true)
    await app.pass(APPLY_MS)
    expect(app.bridge.calls).toContainEqual({
      name: 'node/change-settings',
      parameters: { lab: 'default', node: 'node01', change: { maxPods: '20' } },
    })
    expect(find('[data-node-settings]')).toBeNull()
    expect(app.words).toContain('Settings of node01 were changed: Max pods')
  })

  it('given values that cannot be, then each field says what is wrong with its own, and nothing can be applied', async () => {
    await openSettings('default')
    for (const [name, text, words] of [
      ['maxPods', 'many', 'A whole number from 0 to 99999.'],
      ['staticPodPath', 'manifests', 'An absolute path on the node'],
      ['systemReserved', 'disk=1', 'There is no “disk” to reserve'],
      ['systemReserved', 'cpu=much', '“much” is no amount'],
      ['taints', 'a=b', 'Write key=value:Effect'],
      ['labels', 'a b=c', '“a b=c” cannot be a label'],
    ] as const) {
      await fill(name, text)
      expect(wordsOf(name)).toContain(words)
      expect(effectsOf(name)).toEqual([])
      expect(field(name).getAttribute('aria-invalid')).toBe('true')
    }
    expect(get('[data-summary]').textContent).toContain('First mend what is marked.')
    expect(applyButton().disabled).toBe(true)
  })

  it('given a value, when the default is asked for, then the line goes from the file, and losses are told before', async () => {
    await openSettings('default')
    get('[aria-label="Use the default for Static pod path"]').click()
    await app.pass(50)
    expect(effectsOf('staticPodPath')).toEqual(['folderNone', 'folderLeft'])
    expect(wordsOf('staticPodPath')).toContain('In the file: /etc/kubernetes/manifests')
    await app.pressText(RESTART)
    expect(app.bridge.calls.at(-1)?.parameters).toMatchObject({ change: { staticPodPath: null } })
  })

  it('given an API server, then taints and labels are said to count when the node registers', async () => {
    await openSettings('cluster')
    await fill('labels', 'disk=ssd')
    await fill('taints', 'a:NoSchedule')
    expect([...effectsOf('labels'), ...effectsOf('taints')]).toEqual(['labelsRegistered', 'taintsRegistered'])
    expect(wordsOf('labels')).toContain('kubectl label nodes node01')
  })

  it('given no API server, then labels are said to count at once, and taints for nothing', async () => {
    await openSettings('default')
    await fill('labels', 'disk=ssd')
    await fill('taints', 'a:NoSchedule')
    expect([...effectsOf('labels'), ...effectsOf('taints')]).toEqual(['labelsAlone', 'taintsAlone'])
  })
})

describe('settings that cannot be changed', () => {
  it('given a refusal about one value, then it is told at its field, and what was typed stays', async () => {
    await openSettings('default')
    await fill('maxPods', '30')
    const details = { field: 'maxPods' }
    app.bridge.failures.set(
      'node/change-settings',
      new LabError({ kind: 'BadRequest', message: 'thirty is refused', details }),
    )
    await app.pressText(RESTART)
    expect(wordsOf('maxPods')).toContain('thirty is refused')
    expect(field('maxPods').value).toBe('30')
    expect(find('[data-settings-failure]')).toBeNull()
  })

  it('given a kubelet that does not come back, then the sheet says so with its remedy, and shows the files as they are', async () => {
    await openSettings('default')
    await fill('maxPods', '30')
    app.bridge.failures.set(
      'node/change-settings',
      new LabError({ kind: 'Timeout', message: 'the kubelet was not ready', remedy: 'Look on the node' }),
    )
    await app.pressText(RESTART)
    expect(get('[data-settings-failure]').textContent).toContain('the kubelet was not ready')
    expect(get('[data-settings-failure]').textContent).toContain('What to do: Look on the node')
    expect(field('maxPods').value).toBe('')
    await app.pressText('Open a shell on node01')
    expect(find('[data-node-settings]')).toBeNull()
    await vi.dynamicImportSettled()
    await app.pass(50)
    expect(app.view.get('nav [aria-current="page"]').text()).toBe('Terminal')
  })

  it('given a closed sheet, when what it began fails, then a message says so', async () => {
    await openSettings('default')
    await fill('maxPods', '30')
    app.bridge.failures.set('node/change-settings', new LabError({ kind: 'Timeout', message: 'never came back' }))
    applyButton().click()
    await app.pressText('Cancel')
    await app.pass(50)
    expect(find('[data-node-settings]')).toBeNull()
    expect(app.words).toContain('never came back')
  })

  it('given a node that is off, then its values are shown and locked; when it is started from there, then they are free', async () => {
    await openSettings('stopped')
    expect(field('staticPodPath').value).toBe('/etc/kubernetes/manifests')
    expect(field('staticPodPath').readOnly).toBe(true)
    expect(get('[data-node-settings]').dataset['readiness']).toBe('off')
    await app.pressText('Start node01')
    await app.pass(1_000)
    expect(get('[data-node-settings]').dataset['readiness']).toBe('ready')
    expect(field('staticPodPath').readOnly).toBe(false)
  })

  it('given a kubelet that is stopped, then the change is said to start it, and does', async () => {
    await openSettings('cluster-outage', 'node02')
    expect(app.words).toContain('The kubelet does not run. Changes are written')
    await fill('maxPods', '20')
    await app.pressText('Apply and start the kubelet')
    await app.pass(APPLY_MS)
    expect(find('[data-node-settings]')).toBeNull()
    expect(app.view.get('[data-node="node02"]').text()).toContain('kubelet running')
  })

  it('given a node that was never started, then the sheet says so, and starts the lab', async () => {
    const details = { reason: NO_DISK }
    await openSettings('default', 'node01', () =>
      app.bridge.failures.set('node/settings', new LabError({ kind: 'Conflict', message: 'no disk', details })),
    )
    expect(get('[data-settings-unread]').textContent).toContain('node01 was never started')
    await app.pressText('Start the lab')
    await app.pass(5_000)
    expect(field('maxPods').value).toBe('')
  })

  it('given files that cannot be read, then the reason and the remedy are there, and reading can be tried again', async () => {
    const fault = { message: 'the configuration cannot be read: line 3', remedy: 'Mend the file on the node.' }
    await openSettings('default', 'node01', () =>
      app.bridge.failures.set('node/settings', new LabError({ kind: 'Conflict', ...fault })),
    )
    expect(get('[data-settings-unread]').textContent).toContain('line 3')
    expect(get('[data-settings-unread]').textContent).toContain('What to do: Mend the file on the node.')
    await app.pressText('Read again')
    expect(field('maxPods').value).toBe('')
  })
})
