import { EditorView } from '@codemirror/view'
import { flushPromises, type VueWrapper } from '@vue/test-utils'
import type { Pinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { installBridge } from '../../bridge/client.ts'
import { createFakeBridge, type FakeBridge } from '../../bridge/fake-bridge.ts'
import { useDraftsStore } from '../../stores/drafts-store.ts'
import { useToastsStore } from '../../stores/toasts-store.ts'
import { useViewsStore } from '../../stores/views-store.ts'
import { NOW } from '../../testing/fixtures.ts'
import { freshPinia, mountInApp } from '../../testing/mount-app.ts'
import ManifestEditor from './ManifestEditor.vue'

const target = { lab: 'default', node: 'node01', file: 'typo.yaml' }

let bridge: FakeBridge
let pinia: Pinia
let editor: VueWrapper

async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds)
  await flushPromises()
}

async function open(file = target.file): Promise<void> {
  editor = mountInApp(ManifestEditor, { pinia, props: { ...target, file } })
  await pass(500)
}

function textView(): EditorView {
  const root = document.querySelector('[data-manifest-text]')?.shadowRoot
  const dom = root?.querySelector<HTMLElement>('.cm-editor')
  const view = dom === null || dom === undefined ? null : EditorView.findFromDOM(dom)
  if (view === null) throw new Error('there is no text')
  return view
}

async function write(from: string, to: string): Promise<void> {
  const view = textView()
  const start = view.state.doc.toString().indexOf(from)
  view.dispatch({ changes: { from: start, to: start + from.length, insert: to } })
  await pass(500)
}

async function press(label: string): Promise<void> {
  const button = [...document.querySelectorAll<HTMLElement>('button')].find(
    (candidate) => (candidate.getAttribute('aria-label') ?? candidate.textContent).trim() === label,
  )
  if (button === undefined) throw new Error(`There is no button "${label}".`)
  button.click()
  await pass(500)
}

const onDisk = async (): Promise<string> => {
  const reply = await bridge.call('manifest/read', { lab: 'default', node: 'node01', name: target.file })
  return reply.ok ? reply.result.content : `none: ${reply.error.kind}`
}
const writtenByOthers = async (content: string): Promise<void> => {
  await bridge.call('manifest/apply', { lab: 'default', node: 'node01', name: target.file, content, replace: true })
  await pass(0)
}

beforeEach(async () => {
  vi.useFakeTimers({ now: NOW })
  pinia = freshPinia()
  bridge = createFakeBridge('default')
  installBridge(bridge)
  const views = useViewsStore(pinia)
  const reply = await bridge.call('node/views', { lab: 'default' })
  if (reply.ok) views.setLabViews('default', reply.result)
  bridge.on('node/changed', (view) => views.setView(view))
})
afterEach(() => {
  editor.unmount()
  bridge.dispose()
  document.body.innerHTML = ''
  vi.useRealTimers()
})

describe('given a manifest with a misspelt field', () => {
  it('when it is opened, then the problem stands at its line, and a quick fix that removes it is offered and works', async () => {
    await open()
    expect(editor.get('[data-problem-count]').text()).toBe('1 problem')
    expect(editor.get('[data-line="8"]').text()).toContain('has no field imagee')
    await press('Remove spec.containers[0].imagee')
    expect(textView().state.doc.toString()).not.toContain('imagee')
    expect(editor.get('[data-problem-count]').text()).toBe('no problems')
  })

  it('when it is saved, then the difference and what the kubelet will do come first, and only then is it written', async () => {
    await open()
    await write('nginx', 'busybox')
    await press('Save …')
    expect(document.querySelector('[data-consequence]')?.getAttribute('data-consequence')).toBe('replaced')
    expect(await onDisk()).toContain('nginx')
    await press('Save')
    expect(await onDisk()).not.toContain('nginx')
    expect(document.querySelector('[data-dirty]')?.getAttribute('data-dirty')).toBe('false')
    expect(useDraftsStore(pinia).drafts.size).toBe(0)
  })

  it('when the page is left and comes again, then the unsaved text is there and says so', async () => {
    await open()
    await write('nginx', 'busybox')
    editor.unmount()
    await open()
    expect(textView().state.doc.toString()).not.toContain('nginx')
    expect(document.querySelector('[data-kept]')?.textContent).toContain('was not saved')
  })

  it.each([
    ['it is still there', () => Promise.resolve()],
    [
      'another file is there',
      async () => {
        editor.unmount()
        await open('web.yaml')
      },
    ],
  ])(
    'when what was written is discarded and that undone while %s, then it is back, in its own file',
    async (_what, go) => {
      await open()
      await write('nginx', 'busybox')
      const mine = textView().state.doc.toString()
      await press('Discard my changes')
      expect(textView().state.doc.toString()).toBe(await onDisk())
      await go()
      useToastsStore(pinia).toasts.at(-1)?.action?.run()
      await pass(500)
      expect([...useDraftsStore(pinia).drafts]).toMatchObject([['default/node01/typo.yaml', { text: mine }]])
      editor.unmount()
      await open()
      expect(textView().state.doc.toString()).toBe(mine)
    },
  )

  it('when the page is left while it is being saved, then nothing is written, and the text is kept', async () => {
    await open()
    const before = await onDisk()
    await write('nginx', 'busybox')
    await press('Save …')
    document.querySelector<HTMLElement>('[data-confirm-save]')?.click()
    editor.unmount()
    await pass(500)
    expect(await onDisk()).toBe(before)
    expect(useDraftsStore(pinia).drafts.size).toBe(1)
  })

  it('when somebody else changes the file and nothing was written here, then theirs is shown', async () => {
    await open()
    await pass(1000)
    await writtenByOthers('kind: Pod\n')
    expect(textView().state.doc.toString()).toBe('kind: Pod\n')
  })

  it.each([
    ['theirs is taken', 'Take theirs', '# theirs\n'],
    ['mine is written over it', 'Write mine over it', undefined],
    ['neither is chosen', 'Cancel', '# theirs\n'],
  ])('when somebody else changes it meanwhile and %s, then neither is lost', async (_what, choice, expected) => {
    await open()
    await write('nginx', 'busybox')
    const mine = textView().state.doc.toString()
    await pass(1000)
    await writtenByOthers('# theirs\n')
    expect(document.querySelector('[data-changed-on-disk]')).not.toBeNull()
    await press('Save …')
    expect(document.querySelector('[data-conflict]')).not.toBeNull()
    await press(choice)
    expect(await onDisk()).toBe(expected ?? mine)
    if (choice === 'Cancel') expect(textView().state.doc.toString()).toBe(mine)
    const history = await bridge.call('manifest/history', { lab: 'default', node: 'node01', name: target.file })
    expect(history.ok && history.result.length).toBeGreaterThan(1)
  })

  it('when a former version is restored, then the folder has it again', async () => {
    await open()
    const before = await onDisk()
    await pass(1000)
    await writtenByOthers('# theirs\n')
    await press('Versions')
    const versions = [...document.querySelectorAll<HTMLElement>('[data-version]')]
    expect(versions.map(({ dataset }) => dataset['by'])).toEqual(['window', 'outside'])
    versions[1]?.click()
    await pass(500)
    await press('Restore this version')
    expect(await onDisk()).toBe(before)
  })
})

it('given a file that is not there, when text is written and saved, then it is made', async () => {
  await open('new.yaml')
  textView().dispatch({ changes: { from: 0, insert: 'kind: Nonsense\n' } })
  await pass(500)
  await press('Save …')
  await press('Save')
  const reply = await bridge.call('manifest/read', { lab: 'default', node: 'node01', name: 'new.yaml' })
  expect(reply).toMatchObject({ ok: true, result: { content: 'kind: Nonsense\n' } })
})
