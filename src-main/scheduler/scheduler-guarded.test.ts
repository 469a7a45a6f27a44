/** The scheduler with its own rights at a real API server: what it asks for is allowed, and what it writes is taken. */
import { describe, expect, it } from 'vitest'
import { newGuardedApiServer, type GuardedApiServer } from '../apiserver/testing/new-guarded-api-server.ts'
import { systemClock } from '../base/clock.ts'
import { silentLogger } from '../base/logger.ts'
import { formatMetrics } from '../base/metric.ts'
import type { ApiObject } from '../common/api/api-object.ts'
import type { Pod } from '../common/api/core.ts'
import type { Event } from '../common/api/event.ts'
import { EVENTS } from '../kube/event.ts'
import { NODES, PODS } from '../kube/resources.ts'
import { Scheduler } from './scheduler.ts'
import { aNode, aWaitingPod, type PodParts } from './testing/cluster-builders.ts'

const PRIORITY_CLASSES = { group: 'scheduling.k8s.io', version: 'v1', resource: 'priorityclasses' }
const WHOLE_NODE: PodParts = { requests: { cpu: '2' }, terminationGracePeriodSeconds: 0 }

interface GuardedScheduler extends AsyncDisposable {
  scheduler: Scheduler
  create(name: string, parts: PodParts): Promise<void>
  /** Asks until the pod is so, or the test's time is over. */
  podThat(name: string, isSo: (pod: Pod) => boolean): Promise<Pod>
  /** `REASON: MESSAGE`. */
  eventsThat(areSo: (events: readonly string[]) => boolean): Promise<void>
}

async function startScheduler({ administrator, scheduler: client }: GuardedApiServer): Promise<GuardedScheduler> {
  const clock = systemClock({ keepAlive: false })
  const node = aNode('node01')
  await administrator.create(NODES, { ...node, spec: {} })
  // A new node is tainted until it has said that it is ready.
  await administrator.patch(NODES, { name: 'node01' }, 'application/merge-patch+json', { spec: { taints: null } })
  await administrator.patch(NODES, { name: 'node01', subresource: 'status' }, 'application/merge-patch+json', {
    status: node.status,
  })
  const shared = { client, clock, logger: silentLogger, random: () => 0 }
  const scheduler = new Scheduler({ ...shared, schedulerNames: ['default-scheduler'] })
  scheduler.start()
  return {
    scheduler,
    async create(name, parts) {
      const pod = aWaitingPod(name, { serviceAccountName: '', automountServiceAccountToken: false, ...parts })
      await administrator.create(PODS, { ...pod, status: {} } as Pod & ApiObject)
    },
    podThat: (name, isSo) => ask(() => administrator.get<Pod & ApiObject>(PODS, { namespace: 'default', name }), isSo),
    async eventsThat(areSo) {
      const list = () => administrator.list<Event>(EVENTS)
      await ask(list, ({ items }) => areSo(items.map(({ reason, message }) => `${reason}: ${message}`)))
    },
    [Symbol.asyncDispose]: () => scheduler.dispose(),
  }
}

async function ask<Answer>(question: () => Promise<Answer>, isIt: (answer: Answer) => boolean): Promise<Answer> {
  for (;;) {
    const answer = await question()
    if (isIt(answer)) return answer
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe('scheduler at a guarded API server', () => {
  it('given a full node, when a pod of a higher class comes, then the other is ended by its rights, and the pod is bound', async () => {
    await using server = await newGuardedApiServer()
    await server.administrator.create(PRIORITY_CLASSES, {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: 'important' },
      value: 1000,
    } as ApiObject)
    await server.administrator.create(
      { group: '', version: 'v1', resource: 'serviceaccounts' },
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { namespace: 'default', name: 'default' },
      },
    )
    await using guarded = await startScheduler(server)
    await guarded.create('low', WHOLE_NODE)
    const low = await guarded.podThat('low', ({ spec }) => spec.nodeName === 'node01')
    expect(low.status?.conditions).toMatchObject([{ type: 'PodScheduled', status: 'True' }])
    await guarded.create('same', WHOLE_NODE)
    const same = await guarded.podThat('same', ({ status }) => status?.conditions !== undefined)
    expect(same.status?.conditions).toMatchObject([
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        observedGeneration: 1,
        message:
          '0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
      },
    ])
    await guarded.create('high', { ...WHOLE_NODE, priorityClassName: 'important' })
    const high = await guarded.podThat('high', ({ spec }) => spec.nodeName === 'node01')
    await guarded.eventsThat((events) =>
      [
        'Scheduled: Successfully assigned default/low to node01',
        `Preempted: Preempted by pod ${high.metadata.uid} on node node01`,
        'Scheduled: Successfully assigned default/high to node01',
      ].every((event) => events.includes(event)),
    )
    const text = formatMetrics(guarded.scheduler.metrics())
    expect(text).toContain('scheduler_schedule_attempts_total{profile="default-scheduler",result="scheduled"} 2')
    expect(text).toContain('scheduler_pending_pods{queue="gated"} 0')
    expect(text).toContain('scheduler_preemption_victims_count 1')
    expect(text).toMatch(
      /scheduler_scheduling_attempt_duration_seconds_count\{profile="default-scheduler",result="scheduled"\} 2/,
    )
  })
})
