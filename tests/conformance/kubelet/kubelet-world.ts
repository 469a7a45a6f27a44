/** A node with a kubelet as the cases see it: they act on it as a user, an editor or a killer would, and watch. */
import type { Disposable } from '../../../src-main/base/disposable.ts'
import type { Pod } from '../../../src-main/common/api/core.ts'
import type { PodPlan } from './pod-plan.ts'
import type { Trace, TraceKind } from './trace.ts'

/** What somebody takes; of the case's pod, or of the one with this suffix. */
export type Victim = ({ container: string } | { sandbox: true }) & { pod?: string }

export interface KubeletWorld extends Disposable {
  readonly isReal: boolean
  /** Name of the case's pod, without the node's. */
  readonly podName: string
  readonly trace: Trace
  /** Where this machine sees the manifest folder. */
  readonly folder: string

  /** The text of the manifest, for whoever writes it in an odd way; tells the simulated runtime what is about to run. */
  manifest(plan: PodPlan, name?: string): string
  /** Puts a file into the folder by renaming it into place. */
  put(content: string, file?: string): Promise<void>
  /** Does something in the folder; `names` are the files whose change the system announces. */
  inFolder(act: (folder: string) => void, ...names: string[]): Promise<void>
  remove(file?: string): Promise<void>
  /** Removes the case's file and writes one in its place at once. */
  recreate(content: string): Promise<void>

  /** Puts the manifest of the case's pod into the folder. */
  start(plan: PodPlan): Promise<void>
  /** Starts the case's pod and waits until it runs and has set its traps; what follows is what the case is about. */
  running(plan: PodPlan): Promise<void>
  /** Waits until the containers of these pods have set their traps. */
  settled(suffixes: readonly string[]): Promise<void>
  /** What was before is not part of the case. */
  begin(): void
  /** Waits for a line. */
  sees(kind: TraceKind, text: string): Promise<void>
  until(what: string, isSo: () => boolean): Promise<void>
  /** Time passes, and nothing is done. */
  pass(seconds: number): Promise<void>

  /** The pod's object as the kubelet lists it; `undefined` when it does not. */
  pod(name?: string): Promise<Pod | undefined>
  /** Sandboxes and containers that the runtime has of pods of this name, running or not: `sandbox 0 ready`, `c 1 exited`. */
  leftovers(): Promise<string[]>

  /** What a command in a running container prints; only a real one can run any. */
  exec(container: string, ...command: string[]): Promise<string>

  /** SIGKILL behind the kubelet's back. */
  kill(victim: Victim): Promise<void>
  /** As `docker stop`. */
  stop(victim: Victim): Promise<void>
  /** As `docker rm -f`. */
  vanish(victim: Victim): Promise<void>

  stopKubelet(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
  startKubelet(): Promise<void>
}
