import { describe, expect, it } from 'vitest'
import { computeControlPlaneManifests } from './control-plane-manifests.ts'
import { computeManifestChanges, CONTROL_PLANE_MANIFESTS } from './manifest-changes.ts'

const OLD = { node: 'controlplane', address: '172.30.0.1' }
const SETTINGS = { scheduleDaemonSetPods: true }
const NEW = { node: 'controlplane', address: '172.31.0.1' }

describe('manifests of the control plane', () => {
  it('given an empty folder, when the node is told first, all four are written, and never again', () => {
    expect(Object.keys(computeManifestChanges({ settings: SETTINGS, place: OLD, there: {}, isFirst: true }))).toEqual(
      CONTROL_PLANE_MANIFESTS,
    )
    expect(computeManifestChanges({ settings: SETTINGS, place: OLD, there: {}, isFirst: false })).toEqual({})
  })

  it('given the four as they were written, when the node is told again, nothing is written', () => {
    const there = computeControlPlaneManifests(OLD, SETTINGS)
    expect(Object.keys(there).toSorted()).toEqual(CONTROL_PLANE_MANIFESTS.toSorted())
    expect(computeManifestChanges({ settings: SETTINGS, place: OLD, there, isFirst: true })).toEqual({})
  })

  it('given another address, when the node is told again, the old one is replaced where it is meant, and nowhere else', () => {
    const there = computeControlPlaneManifests(OLD, SETTINGS)
    const words = '# 172.30.0.11 172.30.0.1.nip.io 1172.30.0.1 10.172.30.0.1\n'
    const changes = computeManifestChanges({
      settings: SETTINGS,
      place: NEW,
      there: { ...there, 'etcd.yaml': `${there['etcd.yaml'] ?? ''}${words}` },
      isFirst: false,
    })
    expect(changes).toEqual({
      'etcd.yaml': `${computeControlPlaneManifests(NEW, SETTINGS)['etcd.yaml'] ?? ''}${words.replace(' 172.30.0.1.nip', ' 172.31.0.1.nip')}`,
      'kube-apiserver.yaml': computeControlPlaneManifests(NEW, SETTINGS)['kube-apiserver.yaml'],
    })
  })

  it("given a file without any address of ours, when the node moves, it is the learner's", () => {
    const there = { 'etcd.yaml': 'kind: Pod\n', 'kube-apiserver.yaml': '' }
    expect(computeManifestChanges({ settings: SETTINGS, place: NEW, there, isFirst: false })).toEqual({})
  })
})
