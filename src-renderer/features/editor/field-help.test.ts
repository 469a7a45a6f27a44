import { startCompletion } from '@codemirror/autocomplete'
import { EditorView } from '@codemirror/view'
import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { installBridge } from '../../bridge/client.ts'
import { createFakeBridge, type FakeBridge } from '../../bridge/fake-bridge.ts'
import { i18n } from '../../locales/i18n.ts'
import { NOW } from '../../testing/fixtures.ts'
import { mountInApp } from '../../testing/mount-app.ts'
import ManifestText from './ManifestText.vue'

const MANIFEST = 'spec:\n  hostNetwork: true\n  hostPI'
const LANGUAGES = [
  ['en', 'whether containers have the network of the node', 'whether containers see the processes of the node'],
  ['ko', '노드의 네트워크를 그대로 씁니다', '노드의 프로세스가 보입니다'],
] as const

let bridge: FakeBridge
let text: VueWrapper

async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds)
  await flushPromises()
}

function root(): ShadowRoot {
  const shadow = document.querySelector('[data-manifest-text]')?.shadowRoot
  if (shadow === null || shadow === undefined) throw new Error('there is no editor')
  return shadow
}

function textView(): EditorView {
  const dom = root().querySelector<HTMLElement>('.cm-editor')
  const view = dom === null ? null : EditorView.findFromDOM(dom)
  if (view === null) throw new Error('there is no text')
  return view
}

/** The test's page has no layout: where the pointer is in the text is said to the editor. */
async function pointAt(word: string): Promise<void> {
  const view = textView()
  vi.spyOn(view, 'posAtCoords').mockReturnValue(view.state.doc.toString().indexOf(word) + 1)
  vi.spyOn(view, 'coordsAtPos').mockReturnValue({ left: 0, right: 0, top: 0, bottom: 0 })
  view.contentDOM.dispatchEvent(new MouseEvent('mousemove', { bubbles: true, clientX: 0, clientY: 0 }))
  await pass(1000)
}

beforeEach(async () => {
  vi.useFakeTimers({ now: NOW })
  bridge = createFakeBridge('default')
  installBridge(bridge)
  text = mountInApp(ManifestText, {
    props: { lab: 'default', node: 'node01', file: 'web.yaml', label: 'web', modelValue: MANIFEST },
  })
  await pass(500)
})
afterEach(() => {
  text.unmount()
  bridge.dispose()
  document.body.innerHTML = ''
  i18n.global.locale.value = 'en'
  vi.restoreAllMocks()
  vi.useRealTimers()
})

it.each(LANGUAGES)(
  'given an open manifest, when the app speaks "%s" and the pointer rests on a field, then its help is in that language',
  async (locale, hostNetwork) => {
    i18n.global.locale.value = locale
    await pass(500)
    await pointAt('hostNetwork')
    expect(root().querySelector('.cm-field-card')?.textContent.toLowerCase()).toContain(hostNetwork)
  },
)

it.each(LANGUAGES)(
  'given an open manifest, when the app speaks "%s" and completion offers a field, then what it says of it is in that language',
  async (locale, _hostNetwork, hostPID) => {
    i18n.global.locale.value = locale
    await pass(500)
    const view = textView()
    view.dispatch({ selection: { anchor: view.state.doc.length } })
    startCompletion(view)
    await pass(1000)
    expect(root().querySelector('.cm-completionInfo')?.textContent.toLowerCase()).toContain(hostPID)
  },
)
