import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import type { BridgeState, NodeLabBridge } from '@common/ipc/bridge.ts'
import type { LabStatus, NodeView } from '@common/lab/lab-status.ts'
import { emptyClusterView } from '@common/lab/cluster-view.ts'
import { LabError } from '@common/lab-error.ts'
import { installBridge } from '../bridge/client.ts'
import { useClusterStore } from '../stores/cluster-store.ts'
import { useConnectionStore } from '../stores/connection-store.ts'
import { useLabsStore } from '../stores/labs-store.ts'
import { useTimelineStore } from '../stores/timeline-store.ts'
import { useViewsStore } from '../stores/views-store.ts'
import { anEntry, aPod, at } from '../testing/fixtures.ts'
import { freshPinia } from '../testing/mount-app.ts'
import { useLiveData } from './use-live-data.ts'

function aLab(name: string, nodes: string[] = ['node01']): LabStatus {
  return {
    name,
    state: 'running',
    folder: '/labs',
    subnet: '172.30.0.0/24',
    nodes: nodes.map((node) => ({
      name: node,
      role: 'worker',
      address: '172.30.0.11',
      state: 'running',
      kubelet: 'running',
      runtimeService: 'running',
      manifestsPath: '/m',
      watchesMountedFolder: true,
    })),
  }
}

function aView(node: string, seconds: number): NodeView {
  return { lab: 'default', node, files: [], pods: [aPod({ name: `${node}-${seconds}` })], observedAt: at(seconds) }
}

/** Answers calls from a table that a test changes; events and states are told by hand. */
class ScriptedBridge implements NodeLabBridge {
  readonly answers: Record<string, unknown> = {
    'cluster/view': null,
    'engine/status': { state: 'ready', endpoint: 'unix:///x' },
    'app/info': { version: '1', platform: 'linux', host: 'browser', home: '/h' },
    'sample/list': [],
    'task/list': [],
    'lab/list': [aLab('default')],
    'node/views': [aView('node01', -10)],
    'timeline/list': [anEntry()],
    'action/list': [],
  }
  readonly listeners = new Map<string, (payload: never) => void>()
  tellState: (state: BridgeState) => void = () => undefined

  call: NodeLabBridge['call'] = async (name) => {
    const answer = this.answers[name]
    if (answer instanceof LabError) return { ok: false, error: { kind: answer.kind, message: answer.message } }
    return { ok: true, result: answer as never }
  }
  on: NodeLabBridge['on'] = (name, listener) => {
    this.listeners.set(name, listener)
    return () => void this.listeners.delete(name)
  }
  openStream = (): (() => void) => () => undefined
  onStateChange: NodeLabBridge['onStateChange'] = (listener) => {
    this.tellState = listener
    return () => (this.tellState = () => undefined)
  }
  pathForFile = (): null => null

  emit(name: string, payload: unknown): void {
    this.listeners.get(name)?.(payload as never)
  }
}

let bridge: ScriptedBridge
let scope: EffectScope
let errors: unknown[]

beforeEach(async () => {
  freshPinia()
  bridge = new ScriptedBridge()
  installBridge(bridge)
  errors = []
  scope = effectScope()
  scope.run(() => useLiveData({ onError: (error) => errors.push(error) }))
  bridge.tellState('open')
  await flushPromises()
})
afterEach(() => scope.stop())

const podNames = (node: string): (string | undefined)[] | undefined =>
  useViewsStore()
    .viewOf('default', node)
    ?.pods.map(({ metadata }) => metadata.name)

describe('live data', () => {
  it('given an open connection, fetches labs, views and timeline', () => {
    expect(useLabsStore().current?.name).toBe('default')
    expect(podNames('node01')).toEqual(['node01--10'])
    expect(useTimelineStore().entriesOf('default')).toHaveLength(1)
  })

  it('given a lost connection that comes back, fetches everything anew and forgets what has gone', async () => {
    bridge.tellState('closed')
    expect(useConnectionStore().isLost).toBe(true)
    bridge.answers['lab/list'] = [aLab('other')]
    bridge.tellState('open')
    await flushPromises()
    expect(useConnectionStore().isLost).toBe(false)
    expect(useLabsStore().names).toEqual(['other'])
    expect(useTimelineStore().entriesOf('default')).toEqual([])
  })

  it('given an event that is newer than the list under way, keeps the event', async () => {
    bridge.tellState('open')
    bridge.emit('node/changed', aView('node01', -1))
    await flushPromises()
    expect(podNames('node01')).toEqual(['node01--1'])
  })

  it('given a node that was removed and one added under its name, begins anew', () => {
    bridge.emit('lab/changed', aLab('default', []))
    bridge.emit('lab/changed', aLab('default', ['node01']))
    expect(podNames('node01')).toBeUndefined()
  })

  it('given a lab that appears, fetches what is in it; given that it goes, forgets it', async () => {
    bridge.answers['timeline/list'] = [anEntry({ sequence: 7 })]
    bridge.emit('lab/changed', aLab('second'))
    await flushPromises()
    expect(useTimelineStore().entriesOf('second')).toHaveLength(1)
    bridge.emit('lab/gone', { lab: 'second' })
    expect(useLabsStore().names).toEqual(['default'])
  })

  it('given one call that fails, tells it and shows the rest', async () => {
    bridge.answers['node/views'] = new LabError({ kind: 'Timeout', message: 'slow' })
    bridge.answers['task/list'] = [{ id: '1', name: 'lab-up', subject: 'x', state: 'running', startedAt: at(0) }]
    bridge.tellState('open')
    await flushPromises()
    expect(errors).toMatchObject([{ kind: 'Timeout', message: 'slow' }])
    expect(useLabsStore().current?.name).toBe('default')
  })

  it('given changes of a cluster, lays them over the view; given that some are missing, fetches the whole', async () => {
    const view = { ...emptyClusterView('default', at(0)), revision: 7, state: 'ready' as const }
    const change = { ...view, goneNodes: [], gonePods: [] }
    const names = (): unknown =>
      useClusterStore()
        .viewOf('default')
        ?.pods.map(({ metadata }) => metadata.name)
    bridge.answers['cluster/view'] = { ...view, pods: [aPod({ name: 'b' })] }
    bridge.tellState('open')
    await flushPromises()
    bridge.emit('cluster/changed', { ...change, revision: 8, pods: [aPod({ name: 'a' })] })
    expect(names()).toEqual(['a', 'b'])
    bridge.emit('cluster/changed', { ...change, revision: 8, gonePods: ['default/b'] })
    expect(names()).toEqual(['a', 'b'])
    bridge.answers['cluster/view'] = { ...view, revision: 20, pods: [aPod({ name: 'c' })] }
    bridge.emit('cluster/changed', { ...change, revision: 20, gonePods: ['default/b'] })
    await flushPromises()
    expect(names()).toEqual(['c'])
    bridge.emit('cluster/changed', { ...change, revision: 21, gonePods: ['default/c'] })
    expect(names()).toEqual([])
  })

  it('given the end of its owner, listens to nothing any more', () => {
    scope.stop()
    expect(bridge.listeners.size).toBe(0)
  })
})
