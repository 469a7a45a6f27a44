/** What is set for one node most often, in the files that a person on the node would edit. All others are edited there. */
import { parseQuantity } from '../api/quantity.ts'
import { KUBELET_CONFIGURATION, KUBELET_FLAGS } from '../node-layout.ts'
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
  /** What it is called there: a field of the kubelet's configuration, or a flag such as `--node-labels`. */
  field: string
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

/** Where each is on a node, as kubeadm lays it out. Labels are a flag in upstream, too. */
export const NODE_SETTING_PLACES: Readonly<Record<NodeSettingName, Pick<NodeSetting, 'file' | 'field'>>> = {
  maxPods: { file: KUBELET_CONFIGURATION, field: 'maxPods' },
  staticPodPath: { file: KUBELET_CONFIGURATION, field: 'staticPodPath' },
  systemReserved: { file: KUBELET_CONFIGURATION, field: 'systemReserved' },
  taints: { file: KUBELET_CONFIGURATION, field: 'registerWithTaints' },
  labels: { file: KUBELET_FLAGS, field: '--node-labels' },
}

/** Of an error: the node was never started, so that there are no files yet. */
export const NO_DISK = 'NoDisk'

export const TAINT_EFFECTS: readonly string[] = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']
export const RESERVABLE_RESOURCES: readonly string[] = ['cpu', 'memory', 'ephemeral-storage', 'pid']

/** What is wrong with a value. `detail`: in upstream's own words. */
export type NodeSettingFault =
  | { kind: 'maxPods' | 'staticPodPath' | 'taints'; value: string }
  | { kind: 'reservedResource'; resource: string }
  | { kind: 'reservedAmount'; amount: string }
  | { kind: 'label'; label: string; detail: string }

/** The same for every screen: each says it in its own words. */
export function findNodeSettingFault(name: NodeSettingName, value: string): NodeSettingFault | undefined {
  switch (name) {
    case 'maxPods':
      return /^\d{1,5}$/.test(value) ? undefined : { kind: 'maxPods', value }
    case 'staticPodPath':
      return /^\/[^\0\n]{0,1000}$/.test(value) ? undefined : { kind: 'staticPodPath', value }
    case 'systemReserved':
      return faultOfPairs(value, (resource, amount) => {
        if (!RESERVABLE_RESOURCES.includes(resource)) return { kind: 'reservedResource', resource }
        return parseQuantity(amount).ok ? undefined : { kind: 'reservedAmount', amount }
      })
    case 'taints':
      return parseTaints(value) === undefined ? { kind: 'taints', value } : undefined
    case 'labels':
      return faultOfPairs(value, (key, text) => {
        const [detail] = [...checkQualifiedName(key), ...checkLabelValue(text)]
        return detail === undefined ? undefined : { kind: 'label', label: `${key}=${text}`, detail }
      })
  }
}

/** In one sentence without its end, in English. */
export function nodeSettingFault(name: NodeSettingName, value: string): string | undefined {
  const fault = findNodeSettingFault(name, value)
  return fault === undefined ? undefined : englishFault(fault)
}

function englishFault(fault: NodeSettingFault): string {
  switch (fault.kind) {
    case 'maxPods':
      return `maxPods is a whole number from 0 to 99999, not "${fault.value}"`
    case 'staticPodPath':
      return `staticPodPath is an absolute path on the node, not "${fault.value}"`
    case 'reservedResource':
      return `systemReserved knows ${RESERVABLE_RESOURCES.join(', ')}, not "${fault.resource}"`
    case 'reservedAmount':
      return `systemReserved: "${fault.amount}" is no amount such as 100m or 64Mi`
    case 'taints':
      return `taints are written as key=value:Effect, with ${TAINT_EFFECTS.join(', ')} as effects, separated by commas, not "${fault.value}"`
    case 'label':
      return `the label "${fault.label}" cannot be: ${fault.detail}`
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
      TAINT_EFFECTS.includes(effect) &&
      checkQualifiedName(key).length === 0 &&
      checkLabelValue(value ?? '').length === 0
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

function faultOfPairs(
  text: string,
  check: (key: string, value: string) => NodeSettingFault | undefined,
): NodeSettingFault | undefined {
  return parsePairs(text)
    .map(([key, value]) => check(key, value))
    .find((fault) => fault !== undefined)
}
