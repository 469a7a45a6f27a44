/** A node's kubelet is stopped and started again, second by second as recorded (REPORT P2.5, p2-node-down), by the real controllers on a fake clock. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDaemonSets } from '../../../src-main/controller-manager/daemonset/daemonset-controller.ts'
import { startDeployments } from '../../../src-main/controller-manager/deployment/deployment-controller.ts'
import { startNodeLifecycle } from '../../../src-main/controller-manager/node-lifecycle/node-lifecycle-controller.ts'
import { startReplicaSets } from '../../../src-main/controller-manager/replicaset/replicaset-controller.ts'
import { startTaintEviction } from '../../../src-main/controller-manager/taint-eviction/taint-eviction-controller.ts'
import { startTtl } from '../../../src-main/controller-manager/ttl/ttl-controller.ts'
import type { UnknownObject } from '../../../src-main/common/api/api-object.ts'
import type { DaemonSet } from '../../../src-main/common/api/daemon-set.ts'
import type { Event } from '../../../src-main/common/api/event.ts'
import type { Node } from '../../../src-main/common/api/node.ts'
import type { Pod } from '../../../src-main/common/api/core.ts'
import { EVENTS } from '../../../src-main/kube/event.ts'
import { DAEMON_SETS, DEPLOYMENTS, NODES, PODS } from '../../../src-main/kube/resources.ts'
import { findCondition } from '../../../src-main/common/api/pod-helpers.ts'
import { seededRandom } from '../../../src-main/base/testing/seeded-random.ts'
import { TestCluster } from '../../support/cluster/test-cluster.ts'

/** The grace of a silent kubelet is 50 s since 1.32, and was 40 s when this was recorded (facts 7.4): all that follows is as much later. */
const LATER_SECONDS = 10
const NAMESPACE = 'nd'
const TEMPLATE = (app: string, nodeSelector: Record<string, string>): object => ({
  metadata: { labels: { app } },
  spec: { nodeSelector, containers: [{ name: 'c', image: 'bb:v1' }] },
})
const ON_NODE02 = { 'kubernetes.io/hostname': 'node02' }

class NodeDown {
  readonly cluster = new TestCluster({
    controllers: {
      'daemonset-controller': startDaemonSets,
      'deployment-controller': startDeployments,
      'replicaset-controller': startReplicaSets,
      'node-lifecycle-controller': startNodeLifecycle,
      'taint-eviction-controller': startTaintEviction,
      'ttl-controller': startTtl,
    },
    random: seededRandom(1),
    nodes: { renewalMs: 10_000, readyAfterMs: () => 10_000, podStartMs: () => 500, podStopMs: () => 100 },
  })
  /** `SECONDS what`, since the kubelet was stopped. */
  readonly lines: string[] = []
  #stoppedMs = Infinity
  readonly #before = new Map<string, string>()

  /** To the second before the kubelet is stopped: its last lease was seen four seconds ago. */
  async begin(): Promise<void> {
    const { cluster } = this
    for (const name of ['node01', 'node02']) await cluster.addNode(name)
    cluster.start('controllers')
    cluster.start('scheduler')
    await cluster.clock.advance(15_000)
    const { client } = cluster
    const metadata = (name: string): UnknownObject['metadata'] => ({ namespace: NAMESPACE, name })
    const selector = (app: string): object => ({ matchLabels: { app } })
    const daemonSet = { selector: selector('nd-ds'), template: TEMPLATE('nd-ds', {}) }
    const deployment = { replicas: 2, selector: selector('nd-dep'), template: TEMPLATE('nd-dep', ON_NODE02) }
    const apps = { apiVersion: 'apps/v1' }
    await client.create<UnknownObject>(DAEMON_SETS, {
      ...apps,
      kind: 'DaemonSet',
      metadata: metadata('nd-ds'),
      spec: daemonSet,
    })
    await client.create<UnknownObject>(DEPLOYMENTS, {
      ...apps,
      kind: 'Deployment',
      metadata: metadata('nd-dep'),
      spec: deployment,
    })
    await client.create<UnknownObject>(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: metadata('nd-bare'),
      spec: { nodeSelector: ON_NODE02, containers: [{ name: 'c', image: 'bb:v1' }] },
    })
    await client.create<UnknownObject>(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata('nd-static-node02'), annotations: { 'kubernetes.io/config.mirror': 'x' } },
      spec: {
        nodeName: 'node02',
        tolerations: [{ operator: 'Exists', effect: 'NoExecute' }],
        containers: [{ name: 'c', image: 'bb:v1' }],
      },
    })
    await cluster.clock.advance(49_000)
    await this.#look()
    this.lines.length = 0
    this.#stoppedMs = cluster.clock.now()
  }

  /** As the recording's own seconds have it. */
  async until(recordedSeconds: number): Promise<void> {
    const { clock } = this.cluster
    const endMs = this.#stoppedMs + (recordedSeconds + LATER_SECONDS) * 1000
    while (clock.now() < endMs) {
      await clock.advance(1000)
      await this.#look()
    }
  }

  /** The lines of a moment of the recording. */
  at(recordedSeconds: number): string[] {
    const prefix = `${recordedSeconds + LATER_SECONDS} `
    return this.lines
      .filter((line) => line.startsWith(prefix))
      .map((line) => line.slice(prefix.length))
      .toSorted()
  }

  async pod(prefix: string, node = 'node02'): Promise<Pod | undefined> {
    const { items } = await this.cluster.client.list<UnknownObject & Pod>(PODS, { namespace: NAMESPACE })
    return items.find(({ metadata, spec }) => (metadata.name ?? '').startsWith(prefix) && spec.nodeName === node)
  }

  /** What has changed since the last look. */
  async #look(): Promise<void> {
    const { client } = this.cluster
    const seen = new Map<string, string>()
    for (const { metadata, spec, status } of (await client.list<Node>(NODES)).items) {
      const ready = status?.conditions?.find(({ type }) => type === 'Ready')
      const taints = (spec?.taints ?? []).map(
        ({ key, effect }) => `${key.replace('node.kubernetes.io/', '')}:${effect}`,
      )
      seen.set(`node ${metadata.name}`, `Ready=${ready?.status} ${ready?.reason} [${taints.join(' ')}]`)
    }
    for (const pod of (await client.list<UnknownObject & Pod>(PODS)).items) {
      const { metadata, spec, status } = pod
      const going =
        metadata.deletionTimestamp === undefined ? '' : ` deleting, grace ${metadata.deletionGracePeriodSeconds}`
      const conditions = ['Ready', 'ContainersReady'].map((type) => `${type}=${findCondition(pod, type)?.status}`)
      const where = spec.nodeName === undefined ? '' : ` on ${spec.nodeName}`
      seen.set(`pod ${metadata.name}`, `${status?.phase} ${conditions.join(' ')}${where}${going}`)
    }
    for (const { metadata, status } of (await client.list<DaemonSet>(DAEMON_SETS)).items) {
      const { desiredNumberScheduled, numberMisscheduled } = status ?? {}
      seen.set(`daemonset ${metadata.name}`, `desired ${desiredNumberScheduled} misscheduled ${numberMisscheduled}`)
    }
    for (const { metadata, type, reason, message, source, involvedObject } of (await client.list<Event>(EVENTS)).items)
      seen.set(`event ${metadata.name}`, `${type} ${reason} ${involvedObject.kind} ${source?.component}: ${message}`)
    const second = Math.round((this.cluster.clock.now() - this.#stoppedMs) / 1000)
    for (const [what, text] of seen)
      if (this.#before.get(what) !== text) this.lines.push(`${second} ${withoutSuffix(what)} ${withoutSuffix(text)}`)
    for (const what of this.#before.keys())
      if (!seen.has(what)) this.lines.push(`${second} ${withoutSuffix(what)} gone`)
    this.#before.clear()
    for (const [what, text] of seen) this.#before.set(what, text)
  }
}

/** Names that controllers and recorders made up become shorter. */
function withoutSuffix(text: string): string {
  return text.replace(/^event \S+/, 'event').replace(/(nd-dep)-[a-z0-9]+-[a-z0-9]{5}|(nd-ds)-[a-z0-9]{5}/g, '$1$2-*')
}

describe('a node whose kubelet is stopped', () => {
  const down = new NodeDown()

  beforeAll(async () => {
    await down.begin()
    down.cluster.nodes.get('node02')?.stop()
    await down.until(61)
    for (const name of ['nd-static-node02', 'nd-bare'])
      await down.cluster.client.delete(PODS, { namespace: NAMESPACE, name })
    await down.until(387)
    await down.cluster.nodes.get('node02')?.start()
    await down.until(426)
  })
  afterAll(() => down.cluster[Symbol.asyncDispose]())

  it('given that it was stopped, when its grace is not over, nothing in the API changes', () => {
    const before = down.lines.filter((line) => Number.parseInt(line) < 36 + LATER_SECONDS)
    expect(before).toEqual([])
  })

  it('given that its grace is over, then the node is Unknown and unreachable, its pods are not ready while their containers are, and the DaemonSet wants one pod less', () => {
    const notReady = (pod: string): string => `pod ${pod} Running Ready=False ContainersReady=True on node02`
    const told = 'event Warning NodeNotReady Pod node-controller: Node is not ready'
    expect(down.at(36)).toEqual(
      [
        'node node02 Ready=Unknown NodeStatusUnknown [unreachable:NoSchedule]',
        'event Normal NodeNotReady Node node-controller: Node node02 status is now: NodeNotReady',
        notReady('nd-bare'),
        notReady('nd-static-node02'),
        notReady('nd-ds-*'),
        notReady('nd-dep-*'),
        notReady('nd-dep-*'),
        ...Array.from({ length: 5 }, () => told),
        'daemonset nd-ds desired 1 misscheduled 1',
      ].toSorted(),
    )
  })

  it('given the next look at the nodes, then it gets the taint that drives pods away', () => {
    expect(down.at(41)).toEqual([
      'node node02 Ready=Unknown NodeStatusUnknown [unreachable:NoSchedule unreachable:NoExecute]',
    ])
  })

  it('given pods that somebody deletes meanwhile, then they stay with their grace of thirty seconds', () => {
    expect(down.at(62)).toEqual([
      'pod nd-bare Running Ready=False ContainersReady=True on node02 deleting, grace 30',
      'pod nd-static-node02 Running Ready=False ContainersReady=True on node02 deleting, grace 30',
    ])
  })

  it('given 300 seconds of that taint, then ordinary pods are deleted and replaced, and nothing happens to the static one and that of the DaemonSet', () => {
    const marking = (pod: string): string =>
      `event Normal TaintManagerEviction Pod taint-eviction-controller: Marking for deletion Pod nd/${pod}`
    const happened = down.at(341).filter((line) => !line.includes('FailedScheduling'))
    expect(happened).toEqual(
      [
        marking('nd-bare'),
        marking('nd-dep-*'),
        marking('nd-dep-*'),
        'pod nd-dep-* Running Ready=False ContainersReady=True on node02 deleting, grace 30',
        'pod nd-dep-* Running Ready=False ContainersReady=True on node02 deleting, grace 30',
        'pod nd-dep-* Pending Ready=undefined ContainersReady=undefined',
        'pod nd-dep-* Pending Ready=undefined ContainersReady=undefined',
        'event Normal SuccessfulCreate ReplicaSet replicaset-controller: Created pod: nd-dep-*',
        'event Normal SuccessfulCreate ReplicaSet replicaset-controller: Created pod: nd-dep-*',
      ].toSorted(),
    )
  })

  it('given a kubelet that is started and not ready yet, then the taints change from unreachable to not ready, and deleted pods end', () => {
    const happened = [387, 388, 389, 390, 391].flatMap((second) => down.at(second))
    expect(happened.filter((line) => line.startsWith('node'))).toEqual([
      'node node02 Ready=False KubeletNotReady [unreachable:NoExecute not-ready:NoSchedule]',
      'node node02 Ready=False KubeletNotReady [not-ready:NoSchedule not-ready:NoExecute]',
    ])
    expect(happened.filter((line) => line.endsWith('gone')).toSorted()).toEqual([
      'pod nd-bare gone',
      'pod nd-dep-* gone',
      'pod nd-dep-* gone',
      'pod nd-static-node02 gone',
    ])
    expect(happened).toContain('pod nd-ds-* Running Ready=True ContainersReady=True on node02')
  })

  it('given that it is ready, then the taints go, that which drives pods away with the next look, and the DaemonSet wants two again', () => {
    expect(down.at(397)).toEqual(
      expect.arrayContaining([
        'node node02 Ready=True KubeletReady [not-ready:NoExecute]',
        'daemonset nd-ds desired 2 misscheduled 0',
      ]),
    )
    expect(down.at(401)).toContain('node node02 Ready=True KubeletReady []')
  })

  it('given replacements that waited, then they come to the node, and what was begun about its taint is called off', async () => {
    const cancelling =
      'event Normal TaintManagerEviction Pod taint-eviction-controller: Cancelling deletion of Pod nd/nd-dep-*'
    expect(down.at(401).filter((line) => line === cancelling)).toHaveLength(2)
    expect(await down.pod('nd-dep')).toMatchObject({ status: { phase: 'Running' } })
  })

  it('given the whole time, then the pods of the DaemonSet and their containers are the same', () => {
    expect(down.lines.filter((line) => line.includes('pod nd-ds-* gone'))).toEqual([])
  })
})
