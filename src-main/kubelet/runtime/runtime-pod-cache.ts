/** The last observed state of every pod; whoever refreshes it, each transition is reported once. */
import type { ContainerEventResponse, CriContainerStatus, RuntimeService } from '../../container-runtime/cri.ts'
import { observeMade, observePod } from './observe-pod.ts'
import type { MadeParts, ObserveOptions } from './observe-pod.ts'
import type { RuntimeContainer, RuntimePod } from './runtime-pod.ts'
import { emptyRuntimePod, runtimeSignature } from './runtime-pod.ts'

/** What became of one sandbox or container between two looks. */
export type RuntimeTransition =
  | { kind: 'ContainerStarted' | 'ContainerDied' | 'ContainerRemoved'; container: RuntimeContainer }
  | { kind: 'SandboxStarted' | 'SandboxDied' | 'SandboxRemoved'; sandboxId: string; ip: string }

export interface RefreshResult {
  pod: RuntimePod
  changed: boolean
}

export class RuntimePodCache {
  readonly #runtime: RuntimeService
  readonly #terminationMessage: (status: CriContainerStatus) => string
  readonly #onTransition: (pod: RuntimePod, transition: RuntimeTransition) => void
  readonly #pods = new Map<string, RuntimePod>()
  /** The newest look at each pod that has begun, and that has ended. */
  readonly #begun = new Map<string, number>()
  readonly #versions = new Map<string, number>()
  readonly #looked = new Set<string>()
  #version = 0

  constructor(options: {
    runtime: RuntimeService
    terminationMessage: (status: CriContainerStatus) => string
    onTransition: (pod: RuntimePod, transition: RuntimeTransition) => void
  }) {
    this.#runtime = options.runtime
    this.#terminationMessage = options.terminationMessage
    this.#onTransition = options.onTransition
  }

  /** As seen last; empty for a pod of which the runtime has nothing. */
  get(uid: string): RuntimePod {
    return this.#pods.get(uid) ?? emptyRuntimePod(uid)
  }

  uids(): string[] {
    return [...this.#pods.keys()]
  }

  /** What a list of the runtime would look like if nothing had changed. */
  signatureOf(uid: string): string {
    const pod = this.#pods.get(uid)
    return pod === undefined ? '' : runtimeSignature(pod.sandboxes, pod.containers)
  }

  /**
   * Whether the pod can be taken as the runtime's list had it: without anything, and nobody has looked at it since. What
   * is found of it later is news.
   */
  takeAsListed(uid: string): boolean {
    if (this.#pods.has(uid) || this.#looked.has(uid)) return false
    this.#looked.add(uid)
    this.#versions.set(uid, this.#versions.get(uid) ?? 0)
    return true
  }

  /** Whether nothing of what the event says of the pod is unknown here. */
  knows(uid: string, event: ContainerEventResponse): boolean {
    const { sandboxes, containers } = this.get(uid)
    const known = new Map([...sandboxes, ...containers].map(({ id, state }) => [id, state]))
    const { podSandboxStatus, containersStatuses } = event
    const told = new Map(
      [...(podSandboxStatus === undefined ? [] : [podSandboxStatus]), ...containersStatuses].map(({ id, state }) => [
        id,
        state,
      ]),
    )
    return [event.containerId, ...told.keys()].every((id) => known.get(id) === told.get(id))
  }

  /** A moment between looks, for `refreshMade`. */
  get moment(): number {
    return this.#version
  }

  /** Looks again. Of two looks at the same time the one that began later counts. @throws CriError */
  async refresh(uid: string): Promise<RefreshResult> {
    const version = this.#begin(uid)
    return this.#take(uid, version, await observePod(this.#observation(uid)))
  }

  /**
   * Looks at what a sync has made since `moment`; at all of the pod when somebody else has looked since, who had news of it.
   * @throws CriError
   */
  async refreshMade(uid: string, made: MadeParts, moment: number): Promise<RefreshResult> {
    const begun = this.#begun.get(uid) ?? 0
    const isAlone = begun <= moment && begun === (this.#versions.get(uid) ?? 0)
    if (!isAlone) return this.refresh(uid)
    const version = this.#begin(uid)
    const pod = await observeMade(this.#observation(uid), made)
    return pod === undefined ? this.refresh(uid) : this.#take(uid, version, pod)
  }

  #begin(uid: string): number {
    this.#begun.set(uid, ++this.#version)
    return this.#version
  }

  #observation(uid: string): ObserveOptions {
    return {
      runtime: this.#runtime,
      uid,
      previous: this.#pods.get(uid),
      terminationMessage: this.#terminationMessage,
    }
  }

  #take(uid: string, version: number, pod: RuntimePod): RefreshResult {
    if ((this.#versions.get(uid) ?? 0) > version) return { pod: this.get(uid), changed: false }
    this.#versions.set(uid, version)
    const before = this.get(uid)
    const changed =
      runtimeSignature(before.sandboxes, before.containers) !== runtimeSignature(pod.sandboxes, pod.containers)
    if (pod.sandboxes.length === 0 && pod.containers.length === 0) this.#pods.delete(uid)
    else this.#pods.set(uid, pod)
    const named = pod.name === '' ? { ...pod, name: before.name, namespace: before.namespace } : pod
    // What the first look finds was left by an earlier kubelet and is no news.
    const isFirst = !this.#looked.has(uid)
    this.#looked.add(uid)
    if (changed)
      for (const transition of computeTransitions(before, pod, isFirst)) this.#onTransition(named, transition)
    return { pod, changed }
  }

  /** Late events look at pods that are gone: nothing is remembered of those that have nothing and are not known. */
  collectGarbage(isKnown: (uid: string) => boolean): void {
    for (const uid of [...this.#begun.keys(), ...this.#versions.keys()])
      if (!this.#pods.has(uid) && !isKnown(uid)) this.forget(uid)
  }

  /** The pod is gone for good. */
  forget(uid: string): void {
    this.#pods.delete(uid)
    this.#begun.delete(uid)
    this.#versions.delete(uid)
    this.#looked.delete(uid)
  }
}

/** Pure: the transitions from one look to the next, deaths before removals before starts. */
export function computeTransitions(before: RuntimePod, after: RuntimePod, isFirst: boolean): RuntimeTransition[] {
  const transitions: RuntimeTransition[] = []
  for (const container of after.containers) {
    const was = before.containers.find((other) => other.id === container.id)?.state
    if (was === container.state) continue
    if (container.state === 'CONTAINER_EXITED' && !isFirst) transitions.push({ kind: 'ContainerDied', container })
    if (container.state === 'CONTAINER_RUNNING' && !isFirst) transitions.push({ kind: 'ContainerStarted', container })
  }
  for (const sandbox of after.sandboxes) {
    const was = before.sandboxes.find((other) => other.id === sandbox.id)
    if (was?.state === sandbox.state) continue
    if (sandbox.state === 'SANDBOX_READY') {
      if (!isFirst) transitions.push({ kind: 'SandboxStarted', sandboxId: sandbox.id, ip: sandbox.ip })
    } else if (was !== undefined) transitions.push({ kind: 'SandboxDied', sandboxId: sandbox.id, ip: '' })
  }
  for (const container of before.containers)
    if (!after.containers.some((other) => other.id === container.id))
      transitions.push({ kind: 'ContainerRemoved', container })
  for (const sandbox of before.sandboxes)
    if (!after.sandboxes.some((other) => other.id === sandbox.id))
      transitions.push({ kind: 'SandboxRemoved', sandboxId: sandbox.id, ip: '' })
  return transitions
}
