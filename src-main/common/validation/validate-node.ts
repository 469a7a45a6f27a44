/** Validation of nodes beside their metadata (upstream: ValidateNode, ValidateNodeUpdate). */
import type { Node, NodeSpec, Taint } from '../api/node.ts'
import { duplicate, type FieldError, forbidden, invalid, required, unsupported } from './field-error.ts'
import { checkLabelValue, checkQualifiedName, isIPAddress } from './names.ts'
import { all } from './validate-metadata.ts'

const EFFECTS: readonly string[] = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

export function validateNode({ spec = {} }: Node): FieldError[] {
  // Upstream looks for taints in the metadata when it words its messages.
  const errors = validateTaints(spec.taints ?? [], 'metadata.taints')
  for (const [index, cidr] of (spec.podCIDRs ?? []).entries()) {
    if (isCIDR(cidr)) continue
    const detail = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'
    errors.push(invalid(`spec.podCIDRs[${index}]`, cidr, detail))
  }
  const first = spec.podCIDRs?.[0]
  if (first !== undefined && spec.podCIDR !== undefined && first !== spec.podCIDR) {
    errors.push(invalid('spec.podCIDRs', spec.podCIDRs ?? [], 'podCIDR must match podCIDRs[0]'))
  }
  return errors
}

/** Addresses and provider are given once. */
export function validateNodeUpdate(node: Node, old: Node): FieldError[] {
  const { spec = {} } = node
  const { spec: before = {} } = old
  const errors = validateNode(node)
  const cidrs = podCIDRs(before)
  if (cidrs.length > 0 && cidrs.join() !== podCIDRs(spec).join()) {
    errors.push(forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'))
  }
  if ((before.providerID ?? '') !== '' && before.providerID !== spec.providerID) {
    errors.push(forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'))
  }
  return errors
}

function podCIDRs({ podCIDR, podCIDRs }: NodeSpec): string[] {
  return podCIDRs ?? (podCIDR === undefined || podCIDR === '' ? [] : [podCIDR])
}

function validateTaints(taints: readonly Taint[], field: string): FieldError[] {
  const seen = new Set<string>()
  return taints.flatMap((taint, index) => {
    const path = `${field}[${index}]`
    const { key, value = '' } = taint
    const effect: string = taint.effect
    const errors = [
      ...all(`${path}.key`, key, checkQualifiedName(key)),
      ...all(`${path}.value`, value, checkLabelValue(value)),
    ]
    if (effect === '') errors.push(required(`${path}.effect`))
    else if (!EFFECTS.includes(effect)) errors.push(unsupported(`${path}.effect`, effect, EFFECTS))
    const identity = `${key}:${effect}`
    if (seen.has(identity)) {
      errors.push({ ...duplicate(path, taint), detail: 'taints must be unique by key and effect pair' })
    }
    seen.add(identity)
    return errors
  })
}

function isCIDR(text: string): boolean {
  const [address = '', bits = '', ...more] = text.split('/')
  if (more.length > 0 || !isIPAddress(address) || !/^(?:0|[1-9][0-9]*)$/.test(bits)) return false
  return Number(bits) <= (address.includes(':') ? 128 : 32)
}
