/**
 * Parts of the window that are loaded when they are wanted. Chromium drops requests under way when the machine's network changes,
 * which happens with every pod that starts or ends, and a script that was dropped once is never asked for again by the same page.
 * So in a browser all parts are fetched into its cache soon after the start, again and again until they are there, and are imported from there.
 */
import { defineAsyncComponent, type Component } from 'vue'

const MOST_TRIES = 20
const PAUSE_MS = 250

let cached: Promise<void> | undefined

/** Once, when the window is up. Resolves also when something is missing: what needs it says so then. */
export function cacheParts(): void {
  // Electron reads the parts from its package, the development server makes them when they are asked for.
  if (import.meta.env.PROD && location.protocol.startsWith('http')) {
    cached ??= cacheAll().catch((error: unknown) => console.warn('The parts of the window are not kept at hand', error))
  }
}

async function cacheAll(): Promise<void> {
  const list = await fetchPatiently('parts.json')
  const parts: unknown = await list?.json()
  if (!Array.isArray(parts)) return
  await Promise.all(parts.map((part) => fetchPatiently(String(part))))
}

async function fetchPatiently(path: string): Promise<Response | undefined> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    try {
      const response = await fetch(path)
      // Its end may be dropped as well.
      await response.clone().arrayBuffer()
      return response.ok ? response : undefined
    } catch {
      // Dropped on its way, or the app has ended: then nothing is missed.
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
  return undefined
}

/** Loads as `load` does, when the parts are at hand. */
export function loadLater<Part>(load: () => Promise<Part>): () => Promise<Part> {
  return async () => {
    await cached
    return load()
  }
}

/** A component that is loaded when it is shown first. */
export function asyncComponent<Part extends Component>(load: () => Promise<{ default: Part }>): Part {
  return defineAsyncComponent<Part>(loadLater(load))
}
