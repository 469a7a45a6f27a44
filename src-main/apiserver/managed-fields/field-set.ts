/**
 * Sets of field paths (structured-merge-diff's `fieldpath.Set`), in the tree form of `fieldsV1`: steps are spelled
 * `f:name`, `k:{"name":"c"}` for an item of a list by its keys, and `v:"x"` for a value of a set.
 */

export class FieldSet {
  /** Whether the path itself is in the set, not only paths below it. */
  owned: boolean
  readonly children: Map<string, FieldSet>

  constructor(owned = false, children = new Map<string, FieldSet>()) {
    this.owned = owned
    this.children = children
  }

  get isEmpty(): boolean {
    return !this.owned && this.children.size === 0
  }

  /** Adds what is below a step; nothing is added for an empty set. */
  add(step: string, child: FieldSet | undefined): void {
    if (child === undefined || child.isEmpty) return
    const known = this.children.get(step)
    this.children.set(step, known === undefined ? child : union(known, child))
  }
}

/** A set of the path itself. */
export function leaf(): FieldSet {
  return new FieldSet(true)
}

export function union(left: FieldSet, right: FieldSet): FieldSet {
  const result = new FieldSet(left.owned || right.owned, new Map(left.children))
  for (const [step, child] of right.children) result.add(step, child)
  return result
}

export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  const result = new FieldSet(left.owned && right.owned)
  for (const [step, child] of left.children) {
    const other = right.children.get(step)
    if (other !== undefined) result.add(step, intersection(child, other))
  }
  return result
}

/** Without exactly the paths of `right`. */
export function difference(left: FieldSet, right: FieldSet): FieldSet {
  const result = new FieldSet(left.owned && !right.owned)
  for (const [step, child] of left.children) {
    const other = right.children.get(step)
    result.add(step, other === undefined ? child : difference(child, other))
  }
  return result
}

/** Without the paths of `right` and everything below them. */
export function recursiveDifference(left: FieldSet, right: FieldSet): FieldSet {
  if (right.owned) return new FieldSet()
  const result = new FieldSet(left.owned)
  for (const [step, child] of left.children) {
    const other = right.children.get(step)
    result.add(step, other === undefined ? child : recursiveDifference(child, other))
  }
  return result
}

export function equals(left: FieldSet, right: FieldSet): boolean {
  if (left.owned !== right.owned || left.children.size !== right.children.size) return false
  for (const [step, child] of left.children) {
    const other = right.children.get(step)
    if (other === undefined || !equals(child, other)) return false
  }
  return true
}

/** A set of paths of members, such as `['metadata', 'name']`. */
export function membersSet(...paths: readonly (readonly string[])[]): FieldSet {
  const root = new FieldSet()
  for (const path of paths) {
    let set = leaf()
    for (const name of path.toReversed()) set = new FieldSet(false, new Map([[`f:${name}`, set]]))
    for (const [step, child] of set.children) root.add(step, child)
  }
  return root
}

/** The `fieldsV1` of a set. */
export function toFieldsV1(set: FieldSet): Record<string, unknown> {
  const steps = [...set.children].sort(([left], [right]) => (left < right ? -1 : 1))
  const members = steps.map(([step, child]): [string, unknown] => [
    step,
    child.children.size === 0 ? {} : { ...(child.owned ? { '.': {} } : {}), ...toFieldsV1(child) },
  ])
  return Object.fromEntries(members)
}

/** The set of a `fieldsV1`; undefined when it is none. */
export function fromFieldsV1(fields: unknown): FieldSet | undefined {
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return undefined
  const set = new FieldSet()
  for (const [step, below] of Object.entries(fields)) {
    if (step === '.') set.owned = true
    else if (!/^(?:[fi]:|[kv]:.)/.test(step)) return undefined
    else {
      const child = fromFieldsV1(below)
      if (child === undefined) return undefined
      if (child.children.size === 0) child.owned = true
      set.add(step, child)
    }
  }
  return set
}

/** All paths of a set as messages show them: `.spec.containers[name="c"].image`. */
export function printPaths(set: FieldSet, prefix = ''): string[] {
  const below = [...set.children]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([step, child]) => printPaths(child, prefix + printStep(step)))
  return set.owned ? [prefix, ...below] : below
}

/** One step as messages show it. */
export function printStep(step: string): string {
  const content = step.slice(2)
  if (step.startsWith('f:')) return `.${content}`
  if (step.startsWith('v:')) return `[=${content}]`
  if (step.startsWith('i:')) return `[${content}]`
  try {
    const keys = Object.entries(JSON.parse(content) as Record<string, unknown>)
    return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`
  } catch {
    // Somebody wrote their own managedFields; the step is shown as they wrote it.
    return `[${content}]`
  }
}
