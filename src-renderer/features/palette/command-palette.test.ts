import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import App from '../../App.vue'
import { installBridge } from '../../bridge/client.ts'
import { createFakeBridge, type FakeBridge } from '../../bridge/fake-bridge.ts'
import { usePicksStore } from '../../stores/picks-store.ts'
import { useSelectionStore } from '../../stores/selection-store.ts'
import { useSettingsStore } from '../../stores/settings-store.ts'
import { useToastsStore } from '../../stores/toasts-store.ts'
import { mountInApp } from '../../testing/mount-app.ts'

let bridge: FakeBridge
let wrapper: VueWrapper

async function start(scenario: string): Promise<void> {
  bridge = createFakeBridge(scenario)
  installBridge(bridge)
  wrapper = mountInApp(App)
  await flushPromises()
}

function end(): void {
  wrapper.unmount()
  bridge.dispose()
}

beforeEach(() => start('default'))
afterEach(end)

async function press(key: string, more: KeyboardEventInit = {}, target: EventTarget = document.body): Promise<void> {
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))
  await flushPromises()
}

function palette(): HTMLElement | null {
  return document.querySelector('.palette')
}

function field(): HTMLInputElement {
  const input = document.querySelector<HTMLInputElement>('.palette [role=combobox]')
  if (input === null) throw new Error('the palette is not open')
  return input
}

async function type(text: string): Promise<void> {
  field().value = text
  field().dispatchEvent(new Event('input', { bubbles: true }))
  await flushPromises()
}

function titles(): string[] {
  return [...document.querySelectorAll('.palette [role=option] .title')].map(({ textContent }) => textContent ?? '')
}

function active(): string {
  const id = field().getAttribute('aria-activedescendant') ?? ''
  return document.getElementById(id)?.querySelector('.title')?.textContent ?? ''
}

/** Opens the palette, types, and chooses what is first; of a pod that still starts, once it runs. */
async function choose(words: string, title: string): Promise<void> {
  await press('k', { ctrlKey: true })
  await type(words)
  await expect.poll(active).toBe(title)
  await press('Enter', {}, field())
  expect(palette()).toBeNull()
}

/** Kind of the action that is being explained. */
function explained(): string | undefined {
  return document.querySelector<HTMLElement>('[role=dialog] [data-action]')?.dataset['action']
}

function dialog(): string {
  return document.querySelector('[role=dialog]')?.textContent ?? ''
}

async function agree(button: string): Promise<void> {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('[role=dialog] button')]
  buttons.find(({ textContent }) => textContent?.trim() === button)?.click()
  await flushPromises()
}

describe('command palette', () => {
  it('given Ctrl+K and a few letters, when Enter is pressed, then the best command runs and is first next time', async () => {
    await press('k', { ctrlKey: true })
    await type('folder node02')
    expect(active()).toBe('Show the folder of node02')
    await press('Enter', {}, field())
    expect(palette()).toBeNull()
    expect(bridge.calls).toContainEqual({
      name: 'node/open-folder',
      parameters: { lab: 'default', node: 'node02' },
    })
    await press('F1')
    expect(document.querySelector('.palette h3')?.textContent?.trim()).toBe('Used lately')
    expect(titles()[0]).toBe('Show the folder of node02')
  })

  it('given “Stop the kubelet of node01”, when it is chosen, then it is explained, and done once that is agreed to', async () => {
    await choose('stop kubelet node01', 'Stop the kubelet of node01')
    expect(explained()).toBe('KubeletStopped')
    expect(dialog()).toContain('Stop the kubelet on node01?')
    const stop = { name: 'node/stop-kubelet', parameters: { lab: 'default', node: 'node01' } }
    expect(bridge.calls).not.toContainEqual(stop)
    await agree('Stop the kubelet')
    expect(bridge.calls).toContainEqual(stop)
    expect(explained()).toBeUndefined()
  })

  it.each([
    ['plug node02', 'Pull the plug of node02', 'NodePoweredOff', 'Pull the plug of node02?'],
    ['crash web', 'Crash nginx of web-node01', 'ContainerCrashed', 'Crash nginx?'],
  ])('given “%s”, when “%s” is chosen, then %s is explained first', async (words, title, kind, question) => {
    await choose(words, title)
    expect(explained()).toBe(kind)
    expect(dialog()).toContain(question)
  })

  it('given a control plane, when “Stop kube-scheduler” is chosen, then it is explained first', async () => {
    end()
    await start('cluster')
    await choose('stop scheduler', 'Stop kube-scheduler')
    expect(explained()).toBe('ComponentStopped')
    expect(dialog()).toContain('New pods of the API server stay Pending')
  })

  it('given the open palette, when arrows are pressed, then the active option moves and wraps, and the field keeps the focus', async () => {
    await press('k', { ctrlKey: true })
    await type('theme')
    const [first, second] = titles()
    expect(active()).toBe(first)
    await press('ArrowDown', {}, field())
    expect(active()).toBe(second)
    await press('ArrowUp', {}, field())
    await press('ArrowUp', {}, field())
    expect(active()).toBe(titles().at(-1))
    expect(document.querySelectorAll('.palette [aria-selected=true]')).toHaveLength(1)
  })

  it('given a pod, when its logs are asked for, then the inspector shows them', async () => {
    await press('k', { ctrlKey: true })
    await type('logs web')
    await press('Enter', {}, field())
    const selection = useSelectionStore()
    expect(selection.selected?.pod?.name).toBe('web-node01')
    expect(selection.tab).toBe('logs')
  })

  it('given letters that fit nothing, then it says so and Enter does nothing', async () => {
    await press('k', { ctrlKey: true })
    await type('zzzz')
    expect(palette()?.textContent).toContain('Nothing fits “zzzz”')
    await press('Enter', {}, field())
    expect(palette()).not.toBeNull()
  })

  it('given Korean, when initials are typed, then the place is found', async () => {
    useSettingsStore().setLocale('ko')
    await press('k', { ctrlKey: true })
    await type('ㅌㅇㄹㅇ')
    expect(active()).toBe('타임라인')
  })
})

describe('shortcuts', () => {
  it('given ?, then all shortcuts that do something now are listed', async () => {
    await press('?')
    const list = document.querySelector('[data-shortcut-list]')
    expect(list?.textContent).toContain('Presenter mode on and off')
    // There is no terminal in this build of the app unless its route is there.
    const places = [...(list?.querySelectorAll('dt') ?? [])].map(({ textContent }) => textContent)
    const rail = [...document.querySelectorAll('nav a span')].map(({ textContent }) => textContent)
    expect(rail.every((name) => places.includes(name))).toBe(true)
  })

  it('given ?, then the keys of the board, of texts, the timeline and terminals are listed too', async () => {
    await press('?')
    const group = (name: string) => document.querySelector(`[data-shortcut-list] [data-group="${name}"]`)?.textContent
    expect(group('board')).toContain('Remove what is pickedDelete')
    expect(group('editor')).toContain('Next problemF8')
    expect(group('timeline')).toContain('The beginning, the presentHome/End')
    expect(group('terminal')).toContain('Leave the terminalF6')
  })

  it.each([
    ['a text in a shadow root', '<div></div>', '<p contenteditable="true"></p>'],
    ['a shadow root that owns keys', '<div data-owns-keys></div>', '<p></p>'],
  ])('given %s, when letters are typed there, then no shortcut takes them', async (_what, outside, inside) => {
    const place = document.body.appendChild(document.createElement('div'))
    place.innerHTML = outside
    const root = place.querySelector('div')?.attachShadow({ mode: 'open' })
    if (root === undefined) throw new Error('there is no host')
    root.innerHTML = inside
    for (const key of ['g', 't', '?']) await press(key, { composed: true }, root.querySelector('p') ?? root)
    place.remove()
    expect(document.querySelector('nav [aria-current]')?.textContent?.trim()).toBe('Board')
    expect(document.querySelector('[data-shortcut-list]')).toBeNull()
  })

  it('given g and t, then the timeline opens', async () => {
    await press('g')
    await press('t')
    const current = (): string | undefined => document.querySelector('nav [aria-current]')?.textContent?.trim()
    await vi.waitFor(() => expect(current()).toBe('Timeline'), { timeout: 10_000 })
  })

  it('given an open inspector and the focus elsewhere, when Escape is pressed, then it closes; under a dialog it stays', async () => {
    const selection = useSelectionStore()
    selection.select({ node: 'node01', file: 'web.yaml' })
    await press('?')
    await press('Escape')
    expect(selection.selected).toBeDefined()
    await flushPromises()
    await press('Escape')
    expect(selection.selected).toBeUndefined()
  })

  it('given messages, a picked file, the inspector and words in the search field, when Escape is pressed, then each press does one thing, the topmost first', async () => {
    const [selection, picks, toasts] = [useSelectionStore(), usePicksStore(), useToastsStore()]
    const search = document.querySelector<HTMLInputElement>('[data-board-search]')
    if (search === null) throw new Error('the board has no search field')
    picks.toggleFile({ node: 'node01', name: 'web.yaml' })
    selection.select({ node: 'node01', file: 'web.yaml' })
    toasts.show({ tone: 'success', title: 'first' })
    toasts.show({ tone: 'error', title: 'second' })
    search.value = 'web'
    search.dispatchEvent(new Event('input'))
    await flushPromises()
    const left = (): object => ({
      query: search.value,
      isInspected: selection.selected !== undefined,
      picked: picks.files.length,
      messages: toasts.toasts.map(({ title }) => title),
    })
    await press('Escape', {}, document.querySelector('[data-toast=error]') ?? undefined)
    expect(left()).toEqual({ query: 'web', isInspected: true, picked: 1, messages: ['first'] })
    await press('Escape', {}, search)
    expect(left()).toEqual({ query: '', isInspected: true, picked: 1, messages: ['first'] })
    await press('Escape', {}, search)
    expect(left()).toEqual({ query: '', isInspected: false, picked: 1, messages: ['first'] })
    await press('Escape')
    await press('Escape')
    expect(left()).toEqual({ query: '', isInspected: false, picked: 0, messages: ['first'] })
  })

  it('given a field in which somebody types, when ? is pressed there, then no list opens', async () => {
    const input = document.createElement('input')
    document.body.append(input)
    await press('?', {}, input)
    expect(document.querySelector('[data-shortcut-list]')).toBeNull()
    input.remove()
  })

  it('given Ctrl+plus and Ctrl+0, then everything grows and is natural again', async () => {
    const scale = (): string => document.documentElement.style.getPropertyValue('--scale')
    await press('+', { ctrlKey: true })
    expect(Number(scale())).toBeCloseTo(1.2)
    for (let step = 0; step < 5; step++) await press('+', { ctrlKey: true })
    expect(useSettingsStore().zoomLevel).toBe(3)
    await press('0', { ctrlKey: true })
    expect(Number(scale())).toBe(1)
  })

  it('given F9, then the presenter mode is on, shows what was pressed, and can be ended in the status bar', async () => {
    await press('F9')
    expect(document.documentElement.dataset['presenter']).toBe('on')
    expect(document.querySelector('[data-key-echo]')?.textContent).toBe('F9')
    document.querySelector<HTMLElement>('.presenting')?.click()
    await flushPromises()
    expect(document.documentElement.dataset['presenter']).toBeUndefined()
  })
})
