/** Containers of the engine in memory, and what it tells of them. */
import type { EngineContainer, EngineContainerDetails, EngineContainerSpec } from '../engine/engine.ts'

export interface FakeContainer {
  id: string
  spec: EngineContainerSpec
  state: string
  restartPolicy: string
  exitCode: number
  /** Id of the network that it was joined to at its creation. */
  networkId: string
  startedAt: string
  /** Tarballs that were unpacked in it. */
  archives: Buffer[]
}

export function summarizeContainer({ id, spec, state }: FakeContainer): EngineContainer {
  return { id, name: spec.name, image: spec.image, labels: spec.labels, state }
}

export function describeContainer(container: FakeContainer): EngineContainerDetails {
  return {
    ...summarizeContainer(container),
    imageId: 'sha256:0',
    createdAt: '2026-01-01T00:00:00Z',
    startedAt: container.startedAt,
    finishedAt: '',
    exitCode: container.exitCode,
    pid: 1,
    restartCount: 0,
    restartPolicy: container.restartPolicy,
    addresses: {},
  }
}
