/** Finds what carries the IPC contract here: Electron's preload, or the WebSocket of the browser bridge. */
import type { NodeLabBridge } from '@common/ipc/bridge.ts'
import { createBrowserBridge } from './browser-bridge.ts'

/** The in-memory bridge exists in the development server's mode `fake` only; a production build drops this branch whole. */
export async function connectBridge(): Promise<NodeLabBridge> {
  if (import.meta.env.MODE === 'fake') {
    const { createFakeBridge } = await import('./fake-bridge.ts')
    // Where Electron's preload would put it: so that a bench can make things happen that nobody clicked on.
    window.nodeLab = createFakeBridge(new URLSearchParams(location.search).get('scenario') ?? 'default')
    return window.nodeLab
  }
  return window.nodeLab ?? createBrowserBridge(window)
}
