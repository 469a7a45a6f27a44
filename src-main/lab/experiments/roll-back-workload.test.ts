import { beforeEach, describe, expect, it } from 'vitest'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { CONTROLLER_REVISIONS, DAEMON_SETS, DEPLOYMENTS, REPLICA_SETS } from '../../kube/resources.ts'
import { MemoryApi } from '../../kube/testing/memory-api.ts'
import { agentDaemonSet, agentDeployment } from './agent-manifests.ts'
import { rollBackDaemonSet, rollBackDeployment } from './roll-back-workload.ts'

/** What was sent last. */
let sent: { type: string; patch: unknown } | undefined
let api: MemoryApi

beforeEach(() => {
  sent = undefined
  api = new MemoryApi(() => 0)
})

function aClient(): ApiClient {
  const client = api.client()
  return {
    ...client,
    patch: (_of, _address, type, patch) => {
      sent = { type, patch }
      return Promise.reject(new Error('it is enough to see what is sent'))
    },
  }
}

const ownedBy = (uid: string): Pick<ApiObject['metadata'], 'ownerReferences'> => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Owner', name: 'agent', uid, controller: true }],
})

describe('given a DaemonSet', () => {
  async function aDaemonSet(...revisions: number[]): Promise<void> {
    const { metadata } = await api.client().create(DAEMON_SETS, agentDaemonSet({ image: 'busybox:3' }))
    for (const revision of revisions)
      await api.client().create(CONTROLLER_REVISIONS, {
        apiVersion: 'apps/v1',
        kind: 'ControllerRevision',
        metadata: { name: `agent-${revision}`, namespace: 'compare', ...ownedBy(metadata.uid ?? '') },
        ...{ revision, data: { spec: { template: { $patch: 'replace', of: revision } } } },
      })
  }

  it('when it has been changed twice, then the data of the revision before the last one is its patch', async () => {
    await aDaemonSet(1, 3, 2)
    await rollBackDaemonSet(aClient()).catch(() => undefined)
    expect(sent).toEqual({
      type: 'application/strategic-merge-patch+json',
      patch: { spec: { template: { $patch: 'replace', of: 2 } } },
    })
  })

  it('when another one has revisions, then they are none of its own, and nothing is sent', async () => {
    await aDaemonSet(1)
    await api.client().create(CONTROLLER_REVISIONS, {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: { name: 'other-1', namespace: 'compare', ...ownedBy('another') },
      ...{ revision: 0, data: {} },
    })
    await expect(rollBackDaemonSet(aClient())).rejects.toMatchObject({ kind: 'Conflict' })
    expect(sent).toBeUndefined()
  })
})

describe('given a Deployment', () => {
  it('when it has been changed, then the template of the ReplicaSet before is put back, without its hash', async () => {
    const { metadata } = await api.client().create(DEPLOYMENTS, agentDeployment({ image: 'busybox:2' }, 2))
    for (const [revision, image] of [
      ['1', 'busybox:1'],
      ['2', 'busybox:2'],
    ] as const) {
      const { spec } = agentDeployment({ image }, 2)
      const labels = { ...spec.template.metadata?.labels, 'pod-template-hash': 'abc' }
      const set = {
        ...{ apiVersion: 'apps/v1', kind: 'ReplicaSet' },
        metadata: {
          ...{ name: `agent-${revision}`, namespace: 'compare', ...ownedBy(metadata.uid ?? '') },
          annotations: { 'deployment.kubernetes.io/revision': revision },
        },
        spec: { template: { ...spec.template, metadata: { labels } } },
      }
      await api.client().create(REPLICA_SETS, set)
    }
    await rollBackDeployment(aClient()).catch(() => undefined)
    const { template } = agentDeployment({ image: 'busybox:1' }, 2).spec
    expect(sent).toEqual({
      type: 'application/json-patch+json',
      patch: [{ op: 'replace', path: '/spec/template', value: template }],
    })
  })
})
