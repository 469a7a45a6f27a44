/** Custom schemes, which Chromium itself would not know: each lives under an https origin that only this process answers. */

type ProtocolHandler = (request: Request) => Promise<Response>

export const protocolHandlers = new Map<string, ProtocolHandler>()

/** Reserved for ever: no name under it can be resolved. */
const SUFFIX = 'stand-in.invalid'

/** `app://node-lab/x` ↔ `https://node-lab.app.stand-in.invalid/x` */
export function toChromiumUrl(url: string): string {
  const { protocol, host, pathname, search, hash } = new URL(url)
  return `https://${host}.${protocol.slice(0, -1)}.${SUFFIX}${pathname}${search}${hash}`
}

export function toElectronUrl(url: string): string {
  const match = /^https:\/\/(?<host>[^/]+)\.(?<scheme>[^./]+)\.stand-in\.invalid(?<rest>\/.*)?$/.exec(url)
  const { host, scheme, rest } = match?.groups ?? {}
  return scheme === undefined ? url : `${scheme}://${host ?? ''}${rest ?? '/'}`
}

/** Answers as Electron would: `undefined` for what no handler serves. */
export async function answer(chromiumUrl: string, method: string): Promise<Response | undefined> {
  const url = toElectronUrl(chromiumUrl)
  const handler = protocolHandlers.get(new URL(url).protocol.slice(0, -1))
  return handler?.(new Request(url, { method }))
}
