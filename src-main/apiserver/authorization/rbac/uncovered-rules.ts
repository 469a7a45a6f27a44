/** Which of the rules that somebody wants to give away he does not have himself (component-helpers/auth/rbac/validation). */
import type { PolicyRule } from '../../../common/api/rbac.ts'
import { resourceMatches, urlMatches } from './rule-allows.ts'

const ALL = '*'

/** What is missing, by rule; empty when the owner has it all. */
export function findUncovered(owned: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return wanted.flatMap((rule) => uncoveredOf(owned, rule))
}

function uncoveredOf(owned: readonly PolicyRule[], rule: PolicyRule): PolicyRule[] {
  const missing: PolicyRule[] = []
  for (const part of partsOf(rule)) {
    const verbs = rule.verbs.filter((verb) => !owned.some((own) => covers(own, part, verb)))
    if (verbs.length > 0) missing.push({ ...part, verbs })
  }
  return missing
}

/** A rule taken apart into what one group and resource, or one path, is about. */
function* partsOf({
  apiGroups = [],
  resources = [],
  resourceNames = [],
  nonResourceURLs = [],
}: PolicyRule): Generator<Omit<PolicyRule, 'verbs'>> {
  for (const group of apiGroups)
    for (const resource of resources) {
      const part = { apiGroups: [group], resources: [resource] }
      if (resourceNames.length === 0) yield part
      for (const name of resourceNames) yield { ...part, resourceNames: [name] }
    }
  for (const url of nonResourceURLs) yield { nonResourceURLs: [url] }
}

function covers(own: PolicyRule, part: Omit<PolicyRule, 'verbs'>, verb: string): boolean {
  if (!has(own.verbs, verb)) return false
  const [url] = part.nonResourceURLs ?? []
  if (url !== undefined) return (own.nonResourceURLs ?? []).some((one) => urlMatches(one, url))
  const [group = ''] = part.apiGroups ?? []
  const [resource = ''] = part.resources ?? []
  const [name] = part.resourceNames ?? []
  const [main = '', subresource = ''] = resource.split('/', 2)
  const names = own.resourceNames ?? []
  return (
    has(own.apiGroups ?? [], group) &&
    (own.resources ?? []).some((one) => resourceMatches(one, main, subresource)) &&
    (names.length === 0 || (name !== undefined && names.includes(name)))
  )
}

function has(allowed: readonly string[], asked: string): boolean {
  return allowed.includes(ALL) || allowed.includes(asked)
}

/** As upstream prints a rule: `{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}`. */
export function formatRule({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }: PolicyRule): string {
  const list = (name: string, values: readonly string[] | undefined): string[] =>
    values === undefined || values.length === 0
      ? []
      : [`${name}:[${values.map((value) => JSON.stringify(value)).join(' ')}]`]
  return `{${[
    ...list('APIGroups', apiGroups),
    ...list('Resources', resources),
    ...list('ResourceNames', resourceNames),
    ...list('NonResourceURLs', nonResourceURLs),
    ...list('Verbs', verbs),
  ].join(', ')}}`
}
