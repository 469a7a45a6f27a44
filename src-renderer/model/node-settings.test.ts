import { describe, expect, it } from 'vitest'
import type { NodeStatus } from '@common/lab/lab-status.ts'
import {
  NODE_SETTING_DEFAULTS,
  NODE_SETTING_NAMES,
  NODE_SETTING_PLACES,
  type NodeSetting,
  type NodeSettingChange,
  type NodeSettingName,
} from '@common/lab/node-settings.ts'
import { computeSettingChange, computeSettingEffects, draftOf, findOverridingFlag } from './node-settings.ts'

const WORKER = { node: 'node01', hasApiServer: false, isControlPlane: false }
const CONTROL_PLANE = { ...WORKER, hasApiServer: true, isControlPlane: true }

function settingsWith(values: Partial<Record<NodeSettingName, string>>): NodeSetting[] {
  return NODE_SETTING_NAMES.map((name) => {
    const value = values[name]
    const rest = { default: NODE_SETTING_DEFAULTS[name], ...NODE_SETTING_PLACES[name] }
    return { name, ...rest, ...(value !== undefined && { value }) }
  })
}

function aNodeWith(words: string[]): NodeStatus {
  const kubeletInfo = {
    nodeName: 'node01',
    version: 'v1.35.0',
    boot: 'a',
    startedAt: '2026-05-04T09:00:00Z',
    pid: 100,
    arguments: words,
    staticPodPath: null,
    staticPodPathSource: 'none',
    runtimeReady: true,
  } as const
  return {
    name: 'node01',
    role: 'worker',
    address: '172.30.0.11',
    state: 'running',
    kubelet: 'running',
    kubeletInfo,
    runtimeService: 'running',
    manifestsPath: '/folder',
    watchesMountedFolder: false,
  }
}

describe('a draft of settings', () => {
  it('given fields that were filled, emptied and left, then only what differs is the change', () => {
    const settings = settingsWith({ maxPods: '20', staticPodPath: '/etc/kubernetes/manifests' })
    const draft = { ...draftOf(settings), maxPods: ' 20 ', staticPodPath: '', labels: ' a=b' }
    expect(computeSettingChange(settings, draft)).toEqual({ staticPodPath: null, labels: 'a=b' })
  })
})

describe('what comes of a change', () => {
  it.each<[string, Partial<Record<NodeSettingName, string>>, NodeSettingChange, string[]]>([
    ['fewer pods', {}, { maxPods: '20' }, ['admission']],
    ['more pods', { maxPods: '20' }, { maxPods: null }, ['admissionOfMore']],
    ['0 pods, which is the default', { maxPods: '20' }, { maxPods: '0' }, ['maxPodsZero', 'admissionOfMore']],
    ['a first folder', {}, { staticPodPath: '/a' }, ['folderRead']],
    ['another folder', { staticPodPath: '/a' }, { staticPodPath: '/b' }, ['folderRead', 'folderLeft']],
    ['no folder', { staticPodPath: '/a' }, { staticPodPath: null }, ['folderNone', 'folderLeft']],
    ['a reserve', {}, { systemReserved: 'cpu=1' }, ['reserved', 'admission']],
    ['no reserve', { systemReserved: 'cpu=1' }, { systemReserved: null }, ['reservedNone']],
  ])('given %s, then it is told', (_what, values, change, effects) => {
    const told = NODE_SETTING_NAMES.flatMap((name) =>
      computeSettingEffects(name, change, settingsWith(values), WORKER).map(({ text }) => text),
    )
    expect(told).toEqual(effects)
  })

  it('given the folder of a control plane, then the loss of the API server is told', () => {
    const settings = settingsWith({ staticPodPath: '/a' })
    const effects = computeSettingEffects('staticPodPath', { staticPodPath: '/b' }, settings, CONTROL_PLANE)
    expect(effects.at(-1)).toEqual({
      text: 'folderLeftWithControlPlane',
      values: { folder: '/a' },
      isLoss: true,
    })
  })
})

describe('flags of the running kubelet', () => {
  it.each<[NodeSettingName, string[], string | undefined]>([
    ['maxPods', ['kubelet', '--config=/c'], undefined],
    ['maxPods', ['kubelet', '--max-pods=5'], '--max-pods=5'],
    ['staticPodPath', ['kubelet', '--pod-manifest-path', '/a'], '--pod-manifest-path /a'],
    ['maxPods', ['kubelet', '--max-pods-more=5'], undefined],
    ['labels', ['kubelet', '--node-labels=a=b'], undefined],
  ])('given %s and %j, then the one that wins over the file is %s', (name, words, flag) => {
    expect(findOverridingFlag(name, aNodeWith(words))).toBe(flag)
  })
})
