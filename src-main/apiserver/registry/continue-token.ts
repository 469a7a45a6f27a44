/** Where the next page of a list begins, in upstream's notation: base64 of `{"v":"meta.k8s.io/v1","rv":…,"start":…}`. */
import { badRequest } from '../../kube/status-error.ts'

export interface ContinueToken {
  /** The revision that all pages are read at; undefined: the newest, after the first page's has expired. */
  revision: number | undefined
  /** First key of the page. */
  fromKey: string
}

const VERSION = 'meta.k8s.io/v1'
/** Stands for a revision that is not fixed any more. */
const NEWEST = -1

/** The page after `lastKey`, which begins with `prefix`. */
export function encodeContinue(lastKey: string, prefix: string, revision: number | undefined): string {
  const token = { v: VERSION, rv: revision ?? NEWEST, start: `${lastKey.slice(prefix.length)}\0` }
  return Buffer.from(JSON.stringify(token)).toString('base64url')
}

/** @throws StatusError */
export function decodeContinue(text: string, prefix: string): ContinueToken {
  const token = readToken(text)
  if (token['v'] !== VERSION)
    refuse(`server does not recognize this encoded version ${JSON.stringify(token['v'] ?? '')}`)
  const { rv, start } = token
  if (typeof rv !== 'number' || !Number.isSafeInteger(rv) || rv === 0)
    refuse(`incorrect encoded start resourceVersion (version ${VERSION})`)
  if (typeof start !== 'string' || start === '') refuse(`encoded start key empty (version ${VERSION})`)
  if (start.split('/').includes('..')) refuse(start)
  return { revision: rv < 0 ? undefined : rv, fromKey: prefix + start }
}

function readToken(text: string): Record<string, unknown> {
  try {
    const token: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (typeof token === 'object' && token !== null) return { ...token }
  } catch {
    // Whatever cannot be read is no token of ours, which is what the answer says.
  }
  return refuse('illegal base64 or JSON data')
}

function refuse(why: string): never {
  throw badRequest(`invalid continue token: continue key is not valid: ${why}`)
}
