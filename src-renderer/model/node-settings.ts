/** Settings of a node while they are edited: what differs, what is wrong, and what will come of it. Pure. */
import type { KubeletState, NodeStatus } from '@common/lab/lab-status.ts'
import {
  findNodeSettingFault,
  NODE_SETTING_DEFAULTS,
  NODE_SETTING_NAMES,
  type NodeSetting,
  type NodeSettingChange,
  type NodeSettingFault,
  type NodeSettingName,
} from '@common/lab/node-settings.ts'

/** As written in the fields; empty: not in the file. */
export type NodeSettingDraft = Record<NodeSettingName, string>

/** How the node is. In the first three the files can be written; `kubeletOff`: the change starts the kubelet. */
export type NodeReadiness = 'ready' | 'kubeletOff' | 'kubeletSilent' | 'changing' | 'off' | 'removed'

/** Key of a sentence (`nodeSettings.effect`), and what to fill in. `isLoss`: something that runs may end. */
export interface NodeSettingEffect {
  text: string
  values: Record<string, string>
  isLoss: boolean
}

export interface NodeSettingScene {
  node: string
  /** Whether there is an API server, with a Node object of this node. */
  hasApiServer: boolean
  isControlPlane: boolean
}

/** Flags that win over the fields, in upstream's spelling. */
const FLAGS: Readonly<Partial<Record<NodeSettingName, string>>> = {
  maxPods: '--max-pods',
  staticPodPath: '--pod-manifest-path',
  systemReserved: '--system-reserved',
  taints: '--register-with-taints',
}

const READINESS_OF_RUNNING: Readonly<Record<KubeletState, NodeReadiness>> = {
  running: 'ready',
  stopped: 'kubeletOff',
  unreachable: 'kubeletSilent',
}

export function draftOf(settings: readonly NodeSetting[]): NodeSettingDraft {
  const draft: NodeSettingDraft = { maxPods: '', staticPodPath: '', systemReserved: '', taints: '', labels: '' }
  for (const { name, value } of settings) draft[name] = value ?? ''
  return draft
}

/** What differs from the files. */
export function computeSettingChange(settings: readonly NodeSetting[], draft: NodeSettingDraft): NodeSettingChange {
  const saved = draftOf(settings)
  const change: NodeSettingChange = {}
  for (const name of NODE_SETTING_NAMES) {
    const wanted = draft[name].trim()
    if (wanted !== saved[name]) change[name] = wanted === '' ? null : wanted
  }
  return change
}

/** Of what was changed: what somebody wrote on the node is the kubelet's to judge. */
export function findChangeFault(change: NodeSettingChange, name: NodeSettingName): NodeSettingFault | undefined {
  const value = change[name]
  return typeof value === 'string' ? findNodeSettingFault(name, value) : undefined
}

export function computeReadiness(status: NodeStatus | undefined): NodeReadiness {
  switch (status?.state) {
    case undefined:
      return 'removed'
    case 'absent':
    case 'stopped':
    case 'failed':
      return 'off'
    case 'starting':
    case 'stopping':
      return 'changing'
    case 'running':
      return READINESS_OF_RUNNING[status.kubelet]
  }
}

export function canWriteFiles(readiness: NodeReadiness): boolean {
  return readiness === 'ready' || readiness === 'kubeletOff' || readiness === 'kubeletSilent'
}

/** The flag of the running kubelet that makes the field count for nothing, as `ps` shows it. */
export function findOverridingFlag(name: NodeSettingName, status: NodeStatus | undefined): string | undefined {
  const flag = FLAGS[name]
  const words = status?.kubeletInfo?.arguments ?? []
  const at = words.findLastIndex((word) => word === flag || word.startsWith(`${flag}=`))
  const word = flag === undefined ? undefined : words[at]
  return word === flag && word !== undefined ? `${word} ${words[at + 1] ?? ''}`.trim() : word
}

/** What the change does besides the restart (facts 1.5.13, 1.5.14, 7.1); nothing for what stays. */
export function computeSettingEffects(
  name: NodeSettingName,
  change: NodeSettingChange,
  settings: readonly NodeSetting[],
  scene: NodeSettingScene,
): NodeSettingEffect[] {
  const wanted = change[name]
  if (wanted === undefined) return []
  const before = settings.find((setting) => setting.name === name)?.value
  switch (name) {
    case 'maxPods':
      return limitEffects(before, wanted)
    case 'staticPodPath':
      return folderEffects(before, wanted, scene)
    case 'systemReserved':
      return wanted === null ? [effect('reservedNone')] : [effect('reserved'), effect('admission', { isLoss: true })]
    case 'taints':
      return [scene.hasApiServer ? effect('taintsRegistered', { values: { node: scene.node } }) : effect('taintsAlone')]
    case 'labels':
      return [
        scene.hasApiServer
          ? effect('labelsRegistered', { values: { node: scene.node } })
          : effect('labelsAlone', { isLoss: true }),
      ]
  }
}

function limitEffects(before: string | undefined, wanted: string | null): NodeSettingEffect[] {
  const zero = wanted !== null && Number(wanted) === 0 ? [effect('maxPodsZero')] : []
  const isLess = limitOf(wanted ?? undefined) < limitOf(before)
  return [...zero, isLess ? effect('admission', { isLoss: true }) : effect('admissionOfMore')]
}

/** A field that is 0 is one that is not set, as everywhere in Go. */
function limitOf(value: string | undefined): number {
  return Number(value ?? 0) || Number(NODE_SETTING_DEFAULTS.maxPods)
}

function folderEffects(
  before: string | undefined,
  wanted: string | null,
  { isControlPlane }: NodeSettingScene,
): NodeSettingEffect[] {
  const read = wanted === null ? effect('folderNone') : effect('folderRead', { values: { folder: wanted } })
  if (before === undefined) return [read]
  const ends = isControlPlane ? 'folderLeftWithControlPlane' : 'folderLeft'
  return [read, effect(ends, { values: { folder: before }, isLoss: true })]
}

function effect(
  text: string,
  { values = {}, isLoss = false }: Partial<Pick<NodeSettingEffect, 'values' | 'isLoss'>> = {},
): NodeSettingEffect {
  return { text, values, isLoss }
}
