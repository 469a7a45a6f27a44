/** What comes over the bridge is a copy each time; what did not change stays the same object, so that nothing looks at it again. Pure. */

/** The new list, with the known object in place of each that equals it. */
export function keepUnchanged<Item>(known: Item[], next: readonly Item[], keyOf: (item: Item) => string): Item[] {
  const byKey = new Map(known.map((item) => [keyOf(item), item]))
  const kept = next.map((item) => {
    const before = byKey.get(keyOf(item))
    return before !== undefined && isEqualData(before, item) ? before : item
  })
  return isSameList(known, kept) ? known : kept
}

/** The very same things in the same order. */
export function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index])
}

/** Of plain data: what JSON can say. */
export function isEqualData(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) || Array.isArray(other)) {
    return (
      Array.isArray(one) &&
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, index) => isEqualData(item, other[index]))
    )
  }
  const keys = Object.keys(one)
  return (
    keys.length === Object.keys(other).length &&
    keys.every(
      (key) =>
        Object.hasOwn(other, key) &&
        isEqualData((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]),
    )
  )
}
