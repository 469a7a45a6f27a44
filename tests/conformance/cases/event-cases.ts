/** The stream of events. The last case ends it. */
import { expect } from 'vitest'
import type { ContainerEventResponse } from '../../../src-main/container-runtime/cri.ts'
import { defineCases } from '../cri-case.ts'
import { exitsWith } from '../workloads.ts'

export const EVENT_CASES = defineCases({
  'events-order': {
    given: 'a pod that is run, whose container exits, and that is removed',
    then: 'events tell of the container’s and the sandbox’s life, each in its order',
    async run(world) {
      const started = await world.start(exitsWith(3), {}, await world.runPod())
      await world.exited(started.containerId)
      await world.runtime.removePodSandbox(started.sandboxId)
      const events = await world.podEvents(started)
      const life = ['CREATED', 'STARTED', 'STOPPED', 'DELETED'].map((word) => `CONTAINER_${word}_EVENT`)
      for (const id of [started.containerId, started.sandboxId]) {
        const own = events.filter(({ containerId }) => containerId === id)
        expect(own.map(({ containerEventType }) => containerEventType)).toEqual(life)
        const times = own.map(({ createdAt }) => createdAt)
        expect(times).toEqual(times.toSorted((left, right) => Number(left - right)))
        expect(times[0]).toBeGreaterThan(1_700_000_000_000_000_000n)
      }
    },
  },
  'events-statuses': {
    given: 'a container that exits with 3',
    then: 'the event of it carries the statuses of its pod and of the container, as they are by then',
    async run(world) {
      const started = await world.start(exitsWith(3), {}, await world.runPod())
      const isIt = (event: ContainerEventResponse): boolean =>
        event.containerId === started.containerId && event.containerEventType === 'CONTAINER_STOPPED_EVENT'
      const event = await world.subject.eventually('the event', () => Promise.resolve(world.subject.events.find(isIt)))
      const { metadata, labels } = started.config
      expect(event.podSandboxStatus).toMatchObject({ id: started.sandboxId, state: 'SANDBOX_READY', metadata, labels })
      expect(event.containersStatuses).toMatchObject([
        { id: started.containerId, state: 'CONTAINER_EXITED', exitCode: 3, reason: 'Error' },
      ])
      expect(event.containersStatuses).toEqual([await world.runtime.containerStatus(started.containerId)])
    },
  },
  'events-end': {
    given: 'a stream of events',
    when: 'its reader ends it',
    then: 'it ends without an error',
    async run({ subject }) {
      expect(await subject.endEvents()).toBeUndefined()
    },
  },
})
