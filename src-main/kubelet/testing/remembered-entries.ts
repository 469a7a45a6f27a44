/**
 * How much an object remembers: the sizes of all maps, sets and lists that it reaches, private ones included. The engine's
 * inspector shows private members, so that no part of the product has to be written for its tests.
 */
import { Session } from 'node:inspector'
import type { Runtime } from 'node:inspector'

/** Deeper than anything that the kubelet keeps its memory in; it ends circles too. */
const MAX_DEPTH = 6

/**
 * Path → number of entries.
 * @param isOutside members of these names are somebody else's, or meant to grow, and are not looked into
 */
export function countRememberedEntries(object: object, isOutside: (name: string) => boolean): Map<string, number> {
  const session = new Session()
  session.connect()
  try {
    const counts = new Map<string, number>()
    const root = remoteOf(session, object)
    if (root !== undefined) walk({ session, counts, isOutside }, root, '', 0)
    return counts
  } finally {
    session.disconnect()
  }
}

interface Walk {
  session: Session
  counts: Map<string, number>
  isOutside: (name: string) => boolean
}

interface Member {
  name: string
  value: Runtime.RemoteObject
}

function remoteOf(session: Session, object: object): Runtime.RemoteObject | undefined {
  const name = '__remembering'
  Reflect.set(globalThis, name, object)
  let found: Runtime.RemoteObject | undefined
  session.post('Runtime.evaluate', { expression: `globalThis.${name}` }, (_error, answer) => (found = answer?.result))
  Reflect.deleteProperty(globalThis, name)
  return found
}

function walk(state: Walk, object: Runtime.RemoteObject, path: string, depth: number): void {
  if (object.objectId === undefined || depth > MAX_DEPTH) return
  const size = /^(?:Map|Set|Array)\((\d+)\)$/.exec(object.description ?? '')?.[1]
  if (size !== undefined) {
    state.counts.set(path, Number(size))
    return
  }
  for (const { name, value } of membersOf(state.session, object.objectId)) {
    if (state.isOutside(name) || name.startsWith('Symbol(') || value.type !== 'object') continue
    walk(state, value, `${path}/${name}`, depth + 1)
  }
}

/** Node.js' types leave the private members out. */
interface Members extends Runtime.GetPropertiesReturnType {
  privateProperties?: { name: string; value?: Runtime.RemoteObject }[]
}

function membersOf(session: Session, objectId: string): Member[] {
  let members: Member[] = []
  session.post('Runtime.getProperties', { objectId, ownProperties: true }, (_error, answer?: Members) => {
    const all = [...(answer?.result ?? []), ...(answer?.privateProperties ?? [])]
    members = all.flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }]))
  })
  return members
}
