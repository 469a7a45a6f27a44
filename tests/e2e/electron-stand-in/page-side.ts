/** The page's half of the stand-in: `require('electron')` for the preload. The function is sent to the page as text, so it uses nothing from outside. */

/** Names of the bindings and globals that the two halves share. */
export const PAGE_BINDINGS = { invoke: '__standInInvoke', send: '__standInSend', deliver: '__standInDeliver' } as const

type Listener = (event: object, ...values: unknown[]) => void
type Binding = (channel: string, values: unknown[]) => Promise<{ ok: boolean; value: unknown }>

/** Runs in the page, before any script of it, and again after every load. */
export function installElectron(bindings: typeof PAGE_BINDINGS): (name: string) => unknown {
  const page = globalThis as unknown as Record<string, unknown>
  const listeners = new Map<string, Listener[]>()
  page[bindings.deliver] = (channel: string, values: unknown[]): void => {
    for (const listener of listeners.get(channel) ?? []) listener({}, ...values)
  }
  const call = (binding: string, channel: string, values: unknown[]): ReturnType<Binding> =>
    // What Electron cannot clone (a reactive proxy, a function) must fail here too.
    (page[binding] as Binding)(channel, structuredClone(values))
  const electron = {
    ipcRenderer: {
      async invoke(channel: string, ...values: unknown[]): Promise<unknown> {
        const { ok, value } = await call(bindings.invoke, channel, values)
        if (!ok) throw new Error(`Error invoking remote method '${channel}': ${String(value)}`)
        return value
      },
      send: (channel: string, ...values: unknown[]): void => void call(bindings.send, channel, values),
      on(channel: string, listener: Listener): void {
        listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
      },
    },
    contextBridge: {
      exposeInMainWorld: (name: string, api: object): void => void (page[name] = Object.freeze(api)),
    },
    webUtils: { getPathForFile: (): string => '' },
  }
  return (name) => {
    if (name === 'electron') return electron
    throw new Error(`A sandboxed preload cannot require "${name}"`)
  }
}

/** The script that makes the page a window with that preload. */
export function computeInitScript(preload: string): string {
  return `(() => {
    const require = (${installElectron.toString()})(${JSON.stringify(PAGE_BINDINGS)})
    const module = { exports: {} }
    ;((require, module, exports) => {${preload}
    })(require, module, module.exports)
  })()`
}
