import { describe, expect, it } from 'vitest'
import type { ServedPod } from '../../common/api/core.ts'
import type { DaemonSet } from '../../common/api/daemon-set.ts'
import { computeRollingUpdate } from './compute-rolling-update.ts'
import type { DaemonSetView } from './daemon-set-view.ts'

/** One pod may be away; `pods` by their nodes, of which each should have one. */
function aView(pods: Readonly<Record<string, ServedPod>>): DaemonSetView {
  const set: DaemonSet = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { namespace: 'default', name: 'agent' },
    spec: { template: { spec: { containers: [] } }, updateStrategy: { rollingUpdate: { maxUnavailable: 1 } } },
  }
  return {
    set,
    hash: 'current',
    verdicts: new Map(Object.keys(pods).map((node) => [node, 'run'])),
    podsByNode: new Map(Object.entries(pods).map(([node, pod]) => [node, [pod]])),
    nowMs: 0,
  }
}

function aPod(name: string, hash: string, ready: 'True' | 'False'): ServedPod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'default', name, labels: { 'controller-revision-hash': hash } },
    spec: { containers: [] },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready }] },
  }
}

function removed(view: DaemonSetView): (string | undefined)[] {
  return computeRollingUpdate(view).remove.map(({ metadata }) => metadata.name)
}

describe('a rolling update that one node at a time may wait for', () => {
  it('given old pods that all work, then one goes', () => {
    expect(removed(aView({ node01: aPod('a', 'old', 'True'), node02: aPod('b', 'old', 'True') }))).toEqual(['a'])
  })

  it('given a new pod that does not work yet, then no other goes', () => {
    expect(removed(aView({ node01: aPod('a', 'current', 'False'), node02: aPod('b', 'old', 'True') }))).toEqual([])
  })

  it('given a pod of an update before this one that does not work yet, then it goes, and no other', () => {
    expect(removed(aView({ node01: aPod('a', 'earlier', 'False'), node02: aPod('b', 'old', 'True') }))).toEqual(['a'])
  })
})
