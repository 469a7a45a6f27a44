/** Mounts components as the app does: fresh Pinia, English texts, and the in-memory bridge or any other. */
import { mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia, type Pinia } from 'pinia'
import { TooltipProvider } from 'reka-ui'
import { defineComponent, h, type Component } from 'vue'
import { createMemoryHistory } from 'vue-router'
import { i18n } from '../locales/i18n.ts'
import { createAppRouter } from '../router.ts'

export function freshPinia(): Pinia {
  localStorage.clear()
  const pinia = createPinia()
  setActivePinia(pinia)
  return pinia
}

export interface MountOptions {
  pinia?: Pinia
  props?: Record<string, unknown>
  /** The place that is open, as in the address. */
  path?: string
}

/** The wrapper's element is attached to the document, since menus and dialogs go there too. */
export function mountInApp(
  component: Component,
  { pinia = freshPinia(), props = {}, path }: MountOptions = {},
): VueWrapper {
  i18n.global.locale.value = 'en'
  const history = createMemoryHistory()
  if (path !== undefined) history.replace(path)
  const host = defineComponent({ render: () => h(TooltipProvider, null, { default: () => h(component, props) }) })
  return mount(host, {
    attachTo: document.body,
    global: { plugins: [pinia, i18n, createAppRouter(history)] },
  })
}
