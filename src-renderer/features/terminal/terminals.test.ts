import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { LabError } from '@common/lab-error.ts'
import type { TerminalTarget } from '@common/lab/terminal.ts'
import { installBridge } from '../../bridge/client.ts'
import { createFakeBridge, type FakeBridge } from '../../bridge/fake-bridge.ts'
import { useLiveData } from '../../composables/use-live-data.ts'
import { mountInApp } from '../../testing/mount-app.ts'
import TheTerminals from './TheTerminals.vue'

/** A screen without pixels: what was written to it, and keys that somebody presses. */
const screens = vi.hoisted(
  () => [] as { text: string; type(data: string): void; title(text: string): void; link(url: string): void }[],
)

vi.mock('./xterm/create-xterm.ts', () => ({
  createXterm: (
    _place: HTMLElement,
    options: { onData(data: string): void; onTitle(title: string): void; onLink(address: string): void },
  ) => {
    const screen = { text: '', type: options.onData, title: options.onTitle, link: options.onLink }
    screens.push(screen)
    const terminal = {
      cols: 80,
      rows: 24,
      options: {},
      reset: () => (screen.text = ''),
      paste: options.onData,
      focus: () => undefined,
      clear: () => undefined,
    }
    const write = async ({ text }: { text: string }): Promise<void> => void (screen.text += text)
    return { terminal, write, search: {}, fit: () => undefined, dispose: () => undefined }
  },
}))

const Window = defineComponent({
  setup: () => {
    useLiveData({ onError: (error) => expect.fail(String(error)) })
    return () => h(TheTerminals)
  },
})

let bridge: FakeBridge
let app: VueWrapper

async function mountPage(scenario = 'cluster'): Promise<void> {
  bridge = createFakeBridge(scenario)
  installBridge(bridge)
  app = mountInApp(Window)
  await flushPromises()
}

async function press(selector: string): Promise<void> {
  await app.get(selector).trigger('click')
  await flushPromises()
}

/** The simulated pod takes a moment to start. */
async function openContainer(): Promise<void> {
  await expect.poll(() => app.text()).toContain('nginx · web-node01')
  await app
    .findAll('button')
    .find((button) => button.text() === 'nginx · web-node01')
    ?.trigger('click')
  await flushPromises()
}

const terminalIds = (): string[] => bridge.terminals.list('default').map(({ id }) => id)
const NODE: TerminalTarget = { kind: 'node', node: 'node01' }

beforeEach(() => void screens.splice(0))
afterEach(() => {
  app.unmount()
  bridge.dispose()
})

describe('the page of terminals', () => {
  it('given no terminal, then it offers each node, kubectl with a control plane, and what runs', async () => {
    await mountPage()
    const choices = app.findAll('[data-choice]').map((choice) => choice.attributes('data-choice'))
    expect(choices).toEqual(['node01', 'node02', 'controlplane', 'kubectl'])
    await expect.poll(() => app.text()).toContain('nginx · web-node01')
  })

  it('given a lab without a control plane, then kubectl is not offered', async () => {
    await mountPage('default')
    expect(app.find('[data-choice="kubectl"]').exists()).toBe(false)
  })

  it('given a node, when its shell is opened and typed into, then keys arrive and the answer is shown', async () => {
    await mountPage()
    await press('[data-choice="node01"]')
    screens[0]?.type('echo hello\r')
    await flushPromises()
    expect(screens[0]?.text).toContain('\r\nhello\r\nroot@node01:~# ')
    expect(app.get('[data-terminal="node01"]').attributes('data-phase')).toBe('following')
  })

  it('given a terminal, when it is split and one pane is closed, then the other stays, and its shell too', async () => {
    await mountPage()
    await press('[data-choice="node01"]')
    await press('button[aria-label="Split to the right"]')
    expect(terminalIds()).toHaveLength(2)
    await press('button[aria-label="Close the terminal node01"]')
    expect(terminalIds()).toHaveLength(1)
    expect(app.findAll('[data-terminal]')).toHaveLength(1)
  })

  it('given a program that sets a title with markup, then it is text', async () => {
    await mountPage()
    await press('[data-choice="node01"]')
    screens[0]?.title('<img src=x onerror=alert(1)>')
    await flushPromises()
    expect(app.text()).toContain('<img src=x onerror=alert(1)>')
    expect(app.find('img').exists()).toBe(false)
  })

  it('given a link in the output, when somebody presses on it, then its whole address is shown and nothing is opened', async () => {
    const open = vi.spyOn(window, 'open')
    await mountPage()
    await press('[data-choice="node01"]')
    screens[0]?.link('https://example.com/really?where')
    await flushPromises()
    expect(document.querySelector('[role=dialog]')?.textContent).toContain('https://example.com/really?where')
    expect(open).not.toHaveBeenCalled()
  })

  it('given several lines, when they are pasted, then they are shown first, and reach the shell when allowed', async () => {
    await mountPage()
    await press('[data-choice="node01"]')
    const paste = new Event('paste', { bubbles: true, cancelable: true })
    Object.assign(paste, { clipboardData: { getData: () => 'echo one\recho two\r' } })
    app.get('.place').element.dispatchEvent(paste)
    await flushPromises()
    expect(screens[0]?.text).not.toContain('one')
    const dialog = document.querySelector('[role=dialog]')
    const buttons = [...(dialog?.querySelectorAll('button') ?? [])]
    buttons.find(({ textContent }) => textContent === 'Paste')?.click()
    await flushPromises()
    expect(screens[0]?.text).toContain('two')
  })
})

describe('a terminal without a shell', () => {
  it('given a shell that exits, then its code is said, and another can be had', async () => {
    await mountPage()
    await press('[data-choice="node01"]')
    bridge.terminals.end(terminalIds()[0] ?? '', 3)
    await flushPromises()
    const notice = app.get('[data-notice="ended"]')
    expect(notice.text()).toContain('exit code 3')
    await notice.get('button').trigger('click')
    await flushPromises()
    expect(app.get('[data-terminal]').attributes('data-phase')).toBe('following')
    expect(terminalIds()).toHaveLength(1)
  })

  it('given an impatient hand that asks twice for a new one, then there is one', async () => {
    await mountPage()
    await press('[data-choice="node01"]')
    const again = app.get('[data-terminal] [aria-label="Start a new shell"]')
    await Promise.all([again.trigger('click'), again.trigger('click')])
    await flushPromises()
    expect(terminalIds()).toHaveLength(1)
    expect(app.get('[data-terminal]').attributes('data-phase')).toBe('following')
  })

  it('given a container that crashed, then the words say what became of it', async () => {
    await mountPage()
    await openContainer()
    await bridge.call('pod/crash', { lab: 'default', node: 'node01', namespace: 'default', pod: 'web-node01' })
    bridge.terminals.end(terminalIds()[0] ?? '', 137)
    await flushPromises()
    expect(['restarted', 'down']).toContain(app.get('[data-notice="ended"]').attributes('data-fate'))
  })

  it('given an image without a shell, then the words say what is missing, and offer the node', async () => {
    await mountPage()
    bridge.failures.set(
      'terminal/open',
      new LabError({ kind: 'Unavailable', message: 'no sh', details: { reason: 'NoShell' } }),
    )
    await openContainer()
    const notice = app.get('[data-notice="failed"]')
    expect(notice.text()).toContain('has no shell')
    await notice.get('button').trigger('click')
    await flushPromises()
    expect(app.findAll('[role=tab]').at(-1)?.text()).toContain('node01')
  })

  it('given a refusal, then its message and remedy are shown, and it can be tried again', async () => {
    await mountPage()
    const refusal = { kind: 'Conflict', message: '24 terminals are open', remedy: 'Close one.' } as const
    bridge.failures.set('terminal/open', new LabError(refusal))
    await press('[data-choice="node01"]')
    expect(app.get('[data-notice="failed"]').text()).toContain('24 terminals are open — Close one.')
    await press('[data-notice="failed"] button:last-of-type')
    expect(app.get('[data-terminal]').attributes('data-phase')).toBe('following')
  })
})

describe('a page that comes again', () => {
  it('given terminals that are open, then they are there, with what they wrote and without typing answers into them', async () => {
    await mountPage()
    await press('[data-choice="node01"]')
    screens[0]?.type('echo kept\r')
    await flushPromises()
    app.unmount()
    screens.splice(0)
    app = mountInApp(Window)
    await flushPromises()
    expect(screens[0]?.text).toContain('kept')
    expect(terminalIds()).toHaveLength(1)
  })

  it('given a terminal that was opened elsewhere, then it has a tab', async () => {
    bridge = createFakeBridge('cluster')
    bridge.terminals.open('default', NODE, { columns: 80, rows: 24 })
    installBridge(bridge)
    app = mountInApp(Window)
    await flushPromises()
    expect(app.findAll('[role=tab]').map((tab) => tab.text())).toEqual(['node01'])
  })
})

describe('tabs', () => {
  it('given two of a name, then they can be told apart, renamed and closed by the keyboard', async () => {
    await mountPage()
    await press('[data-choice="node01"]')
    await app.get('[role=tab]').trigger('keydown', { key: 'F2' })
    await flushPromises()
    const field = document.querySelector<HTMLInputElement>('#terminal-name')
    if (field === null) throw new Error('there is no field for the name')
    field.value = 'build'
    field.dispatchEvent(new Event('input'))
    document.querySelector('form')?.dispatchEvent(new Event('submit'))
    await flushPromises()
    expect(app.get('[role=tab]').text()).toBe('build')
    await app.get('[role=tab]').trigger('keydown', { key: 'Delete' })
    await flushPromises()
    expect(app.find('[role=tab]').exists()).toBe(false)
    expect(terminalIds()).toEqual([])
  })
})
