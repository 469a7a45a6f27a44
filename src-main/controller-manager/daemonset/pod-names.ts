/**
 * The names of pods that were asked for and that no watch has shown yet. Whoever never heard whether a pod was made asks again
 * for the same one, and so cannot make a second one on its node, whatever got lost on the way.
 */

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'
const SUFFIX_LENGTH = 5

export interface GivenName {
  name: string
  /** It was asked for before: if it exists, it is the one that is wanted. */
  isAgain: boolean
}

export class PodNames {
  /** Numbers in [0, 1). */
  readonly #random: () => number
  /** By the owner's uid, then by node. */
  readonly #awaited = new Map<string, Map<string, string>>()

  constructor(random: () => number) {
    this.#random = random
  }

  /** `prefix`: what the API calls `generateName`. */
  nameFor(owner: string, node: string, prefix: string): GivenName {
    const awaited = this.#awaited.get(owner) ?? new Map<string, string>()
    this.#awaited.set(owner, awaited)
    const before = awaited.get(node)
    if (before !== undefined) return { name: before, isAgain: true }
    const name = prefix + this.#suffix()
    awaited.set(node, name)
    return { name, isAgain: false }
  }

  /** The pod was seen, or it is certain that none was made. */
  forget(owner: string, node: string): void {
    this.#awaited.get(owner)?.delete(node)
  }

  /** The owner is gone. */
  forgetOwner(owner: string): void {
    this.#awaited.delete(owner)
  }

  #suffix(): string {
    const character = (): string => ALPHABET.charAt(Math.floor(this.#random() * ALPHABET.length))
    return Array.from({ length: SUFFIX_LENGTH }, character).join('')
  }
}
