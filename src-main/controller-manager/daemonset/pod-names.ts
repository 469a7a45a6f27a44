/**
 * The names of pods that were asked for and that no watch has shown yet. Whoever never heard whether a pod was made asks again
 * for the same one, and so cannot make a second one on its node, whatever got lost on the way.
 */
import type { ObjectMeta } from '../../common/api/meta.ts'

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'
const SUFFIX_LENGTH = 5

export interface GivenName {
  name: string
  /** It was asked for before: if it exists, it is the one that is wanted. */
  isAgain: boolean
}

interface Awaited {
  name: string
  attempts: number
  /** Of the pod that the last attempt made or found, when that was heard. */
  uid?: string
  /** Of the pod of this name that a watch showed last. */
  shown?: string
  /** A watch has shown the pod that was asked for. */
  isSettled: boolean
}

export class PodNames {
  /** Numbers in [0, 1). */
  readonly #random: () => number
  /** By the owner's uid, then by node. */
  readonly #awaited = new Map<string, Map<string, Awaited>>()

  constructor(random: () => number) {
    this.#random = random
  }

  /** To be called once for each attempt. `prefix`: what the API calls `generateName`. */
  nameFor(owner: string, node: string, prefix: string): GivenName {
    const nodes = this.#awaited.get(owner) ?? new Map<string, Awaited>()
    this.#awaited.set(owner, nodes)
    const before = nodes.get(node)
    const awaited = before ?? { name: prefix + this.#suffix(), attempts: 0, isSettled: false }
    awaited.attempts++
    delete awaited.uid
    nodes.set(node, awaited)
    return { name: awaited.name, isAgain: before !== undefined }
  }

  /** The last attempt made the pod with this uid, or found it. */
  onMade(owner: string, node: string, uid: string): void {
    this.#update(owner, node, (awaited) => (awaited.uid = uid))
  }

  /** A watch shows a pod of the owner on the node. It may be an earlier one of that name, gone meanwhile. */
  onShown(owner: string, node: string, { name = '', uid = '' }: ObjectMeta): void {
    this.#update(owner, node, (awaited) => {
      if (awaited.name === name) awaited.shown = uid
    })
  }

  /** Whether the pod that was asked for has come to light since the owner's pods were last looked at. */
  isShown(owner: string, node: string): boolean {
    return this.#awaited.get(owner)?.get(node)?.isSettled === true
  }

  /** The owner's pods are looked at: names of those that are seen now are needed no more. */
  settle(owner: string): void {
    const nodes = this.#awaited.get(owner) ?? new Map<string, Awaited>()
    for (const [node, { isSettled }] of nodes) if (isSettled) nodes.delete(node)
  }

  /** It is certain that there is no pod of that name. */
  forget(owner: string, node: string): void {
    this.#awaited.get(owner)?.delete(node)
  }

  /** The owner is gone. */
  forgetOwner(owner: string): void {
    this.#awaited.delete(owner)
  }

  #update(owner: string, node: string, change: (awaited: Awaited) => void): void {
    const awaited = this.#awaited.get(owner)?.get(node)
    if (awaited === undefined) return
    change(awaited)
    const { attempts, uid, shown } = awaited
    awaited.isSettled = shown !== undefined && (uid === shown || (uid === undefined && attempts === 1))
  }

  #suffix(): string {
    const character = (): string => ALPHABET.charAt(Math.floor(this.#random() * ALPHABET.length))
    return Array.from({ length: SUFFIX_LENGTH }, character).join('')
  }
}
