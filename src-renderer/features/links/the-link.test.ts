import type { VueWrapper } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import type { LinkRequest } from '@common/ipc/app-link.ts'
import { parseAppLink } from '@common/ipc/app-link.ts'
import App from '../../App.vue'
import { createFakeBridge, type FakeBridge } from '../../bridge/fake-bridge.ts'
import { installBridge } from '../../bridge/client.ts'
import { mountInApp } from '../../testing/mount-app.ts'

let bridge: FakeBridge
let app: VueWrapper

afterEach(() => {
  app.unmount()
  bridge.dispose()
})

function openApp(...waiting: LinkRequest[]): void {
  bridge = createFakeBridge('default')
  installBridge(bridge)
  bridge.links.push(...waiting)
  app = mountInApp(App)
}

/** Pages come by imports of their own, and labs from the bridge. */
function shows(selector: string, words: string): Promise<void> {
  return expect.poll(() => app.find(selector).text()).toContain(words)
}

describe('links into the app', () => {
  it('given a link that came before the page, when it opens, then the pod that it names is shown', async () => {
    openApp(parseAppLink('node-lab://lab/default/pod/default/web-node01'))
    await shows('main h1', 'web-node01')
  })

  it('given an open window, when a menu and then a link ask for pages, then each is opened', async () => {
    openApp()
    await shows('a[aria-current="page"]', 'Board')
    bridge.links.push({ kind: 'place', place: 'settings' })
    bridge.emit('app/open-link', {})
    await shows('a[aria-current="page"]', 'Settings')
    bridge.links.push(parseAppLink('node-lab://lab/default/timeline'))
    bridge.emit('app/open-link', {})
    await shows('a[aria-current="page"]', 'Timeline')
  })

  it.each([
    ['node-lab://delete/default', 'This link leads nowhere'],
    ['node-lab://lab/other', 'There is no lab “other”'],
    ['node-lab://lab/default/node/node09', 'There is no node “node09”'],
    ['node-lab://lab/default/pod/default/none', 'There is no pod “none”'],
  ])('given %s, when opened, then it says why it leads nowhere and nothing is changed', async (text, words) => {
    openApp(parseAppLink(text))
    await shows('[data-link="nowhere"]', words)
    const asked = new Set(bridge.calls.map(({ name }) => name.split('/')[1]))
    for (const verb of ['up', 'down', 'delete', 'apply', 'remove', 'stop']) expect(asked).not.toContain(verb)
  })
})
