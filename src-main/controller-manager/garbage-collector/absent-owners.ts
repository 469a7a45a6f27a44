/** Owners that are known not to exist: hundreds of dependents of one owner ask for it once (upstream's ReferenceCache). */
import type { ObjectIdentity } from './object-identity.ts'

/** The oldest are forgotten; they cost one request each. */
const MAX_OWNERS = 500

export class AbsentOwners {
  readonly #keys = new Set<string>()

  add(owner: ObjectIdentity): void {
    const key = keyOf(owner)
    this.#keys.delete(key)
    this.#keys.add(key)
    if (this.#keys.size <= MAX_OWNERS) return
    const [oldest] = this.#keys
    if (oldest !== undefined) this.#keys.delete(oldest)
  }

  has(owner: ObjectIdentity): boolean {
    return this.#keys.has(keyOf(owner))
  }

  /** A store that was restored may have them again. */
  clear(): void {
    this.#keys.clear()
  }
}

function keyOf({ apiVersion, kind, namespace, name, uid }: ObjectIdentity): string {
  return [apiVersion, kind, namespace, name, uid].join(' ')
}
