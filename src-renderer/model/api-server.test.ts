import { describe, expect, it } from 'vitest'
import { emptyClusterView, type ClusterView } from '@common/lab/cluster-view.ts'
import type { LabStatus, NodeStatus, NodeView } from '@common/lab/lab-status.ts'
import { aBackingOffContainer, aPod, at, aVerdict } from '../testing/fixtures.ts'
import { readApiServer } from './api-server.ts'

const node: NodeStatus = {
  name: 'controlplane',
  role: 'control-plane',
  address: '172.30.0.12',
  state: 'running',
  kubelet: 'running',
  runtimeService: 'running',
  manifestsPath: '/manifests',
  watchesMountedFolder: true,
}
const apiServer = { node: 'controlplane', endpoint: 'https://127.0.0.1:6443', kubeconfig: '/kubeconfig' }
const lab: LabStatus = { name: 'default', state: 'running', folder: '/', subnet: '', apiServer, nodes: [node] }
const away: ClusterView = { ...emptyClusterView('default', at(0)), state: 'away' }
const name = 'kube-apiserver-controlplane'

function aNodeView(change: Partial<NodeView> = {}): NodeView {
  const pod = aPod({ name })
  const inSystem = { ...pod, metadata: { ...pod.metadata, namespace: 'kube-system' } }
  const file = aVerdict({ name: 'kube-apiserver.yaml', pod: { namespace: 'kube-system', name, uid: 'uid-1' } })
  return { lab: 'default', node: 'controlplane', files: [file], pods: [inSystem], observedAt: at(0), ...change }
}

describe('readApiServer', () => {
  it('given no control plane, then there is nothing to read', () => {
    const { apiServer: _none, ...without } = lab
    expect(readApiServer(without, undefined, undefined)).toBeUndefined()
  })

  it('given nothing heard yet, then it connects', () => {
    expect(readApiServer(lab, undefined, aNodeView())).toEqual({ state: 'connecting' })
  })

  it('given its node off, then it is away, whatever was heard before', () => {
    const off: LabStatus = { ...lab, nodes: [{ ...node, state: 'stopped' }] }
    expect(readApiServer(off, { ...away, state: 'ready' }, undefined)).toEqual({
      state: 'away',
      reason: { kind: 'node-off' },
    })
  })

  it('given it is away and its file is gone, then that is why', () => {
    expect(readApiServer(lab, away, aNodeView({ files: [] }))?.reason).toEqual({ kind: 'no-file' })
  })

  it('given it is away and its container backs off, then that is why', () => {
    const pod = aPod({ name, containers: [aBackingOffContainer(3, '20s')] })
    const pods = [{ ...pod, metadata: { ...pod.metadata, namespace: 'kube-system' } }]
    expect(readApiServer(lab, away, aNodeView({ pods }))?.reason).toEqual({ kind: 'pod', status: 'CrashLoopBackOff' })
  })

  it('given it is away and all is well on its node, or nobody tells, then no reason is made up', () => {
    expect(readApiServer(lab, away, aNodeView())?.reason).toEqual({ kind: 'unknown' })
    expect(readApiServer(lab, away, undefined)?.reason).toEqual({ kind: 'unknown' })
  })
})
