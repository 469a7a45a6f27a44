/** What is set for one node most often, in the files that a person on the node would edit. All others are edited there. */
import { parseQuantity } from '../api/quantity.ts'
import { checkLabelValue, checkQualifiedName } from '../validation/names.ts'

export const NODE_SETTING_NAMES = ['maxPods', 'staticPodPath', 'systemReserved', 'taints', 'labels'] as const
export type NodeSettingName = (typeof NODE_SETTING_NAMES)[number]

export interface NodeSetting {
  name: NodeSettingName
  /** As it is written in a command; absent when the file does not say it. */
  value?: string
  /** What the kubelet goes by then. */
  default: string
  /** Path on the node. */
  file: string
}

/** New values; `null` takes a setting out of its file. */
export type NodeSettingChange = Partial<Record<NodeSettingName, string | null>>

export const NODE_SETTING_DEFAULTS: Readonly<Record<NodeSettingName, string>> = {
  maxPods: '110',
  staticPodPath: 'none: no static pods are read',
  systemReserved: 'nothing',
  taints: 'none',
  labels: 'none of its own',
}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']
const RESERVED = ['cpu', 'memory', 'ephemeral-storage', 'pid']

/** What is wrong with a value, in one sentence without its end, or nothing. */
export function nodeSettingFault(name: NodeSettingName, value: string): string | undefined {
  switch (name) {
    case 'maxPods':
      return /^\d{1,5}$/.test(value) ? undefined : `maxPods is a whole number from 0 to 99999, not "${value}"`
    case 'staticPodPath':
      return /^\/[^\0\n]{0,1000}$/.test(value)
        ? undefined
        : `staticPodPath is an absolute path on the node, not "${value}"`
    case 'systemReserved':
      return faultOfPairs(value, (key, amount) => {
        if (!RESERVED.includes(key)) return `systemReserved knows ${RESERVED.join(', ')}, not "${key}"`
        return parseQuantity(amount).ok ? undefined : `systemReserved: "${amount}" is no amount such as 100m or 64Mi`
      })
    case 'taints':
      return parseTaints(value) === undefined
        ? `taints are written as key=value:Effect, with ${EFFECTS.join(', ')} as effects, separated by commas, not "${value}"`
        : undefined
    case 'labels':
      return faultOfPairs(value, (key, text) => {
        const [fault] = [...checkQualifiedName(key), ...checkLabelValue(text)]
        return fault === undefined ? undefined : `the label "${key}=${text}" cannot be: ${fault}`
      })
  }
}

export interface NodeTaint {
  key: string
  value?: string
  effect: string
}

/** `undefined` for what is no list of taints. */
export function parseTaints(text: string): NodeTaint[] | undefined {
  const taints = text.split(',').map((one): NodeTaint | undefined => {
    const [, key = '', value, effect = ''] = /^([^=:]+)(?:=([^:]*))?:(\w+)$/.exec(one.trim()) ?? []
    const isRight =
      EFFECTS.includes(effect) && checkQualifiedName(key).length === 0 && checkLabelValue(value ?? '').length === 0
    return isRight ? { key, ...(value !== undefined && value !== '' && { value }), effect } : undefined
  })
  return taints.some((taint) => taint === undefined) ? undefined : taints.flatMap((taint) => taint ?? [])
}

/** `a=1,b=2` → its pairs, in order; what has no `=` has an empty value. */
export function parsePairs(text: string): [string, string][] {
  return text.split(',').map((pair) => {
    const at = pair.indexOf('=')
    return at < 0 ? [pair.trim(), ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()]
  })
}

function faultOfPairs(text: string, check: (key: string, value: string) => string | undefined): string | undefined {
  return parsePairs(text)
    .map(([key, value]) => check(key, value))
    .find((fault) => fault !== undefined)
}
