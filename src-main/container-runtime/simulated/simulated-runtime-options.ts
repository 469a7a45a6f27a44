/** What a simulated runtime is made from. */
import type { Clock } from '../../base/clock.ts'
import type { ContainerConfig, PodSandboxConfig } from '../cri.ts'
import type { ContainerBehaviour, SimulatedImage } from './behaviour.ts'

/** Chooses what a container will do; `undefined`: it runs for ever and exits with 0 when asked to stop. */
export type BehaviourScript = (config: ContainerConfig, sandbox: PodSandboxConfig) => ContainerBehaviour | undefined

export interface SimulatedRuntimeOptions {
  clock: Clock
  /** What it knows from the beginning. */
  images?: SimulatedImage[]
  /** What a pull finds of an image that it does not know; absent: nothing. */
  registry?: (reference: string) => SimulatedImage | undefined
  behaviour?: BehaviourScript
  /** Address of the pod with the sandbox of that number, which grows. */
  podAddress?: (serial: number) => string
  /** Whether calls are kept for a test to look at, as they are unless told otherwise: they are never forgotten. */
  isRecording?: boolean
  /** What is said to whoever wants a stream. */
  noStreams?: string
}

/** Of a node that is alone in the world. */
export function computePodAddress(serial: number): string {
  return `10.88.${serial >> 8}.${serial & 255}`
}
