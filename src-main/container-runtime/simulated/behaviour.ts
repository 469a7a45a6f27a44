/** Scripts for simulated containers and images: what a test says will happen, as plain data. */
import type { ExecSyncResponse } from '../cri.ts'

/** What a container does when it is asked to stop. */
type TermResponse = 'ignore' | { exitCode: number; afterMs: number }

export interface ContainerBehaviour {
  /** createContainer is refused with this message. */
  createError?: string
  /** startContainer fails with this message; the container is left as `ContainerCannotRun`, exit code 127 (facts 2.3.3). */
  startError?: string
  /** Time that startContainer takes. */
  startMs?: number
  /** Exits by itself so long after its start; absent: it runs for ever. */
  exitAfterMs?: number
  /** Of the exit by itself; 0 when absent. */
  exitCode?: number
  /** The exit by itself is a kill by the kernel's memory limit: exit code 137 and reason `OOMKilled`. */
  oomKilled?: boolean
  /** Answer to the stop signal; absent: it exits at once with code 0. */
  onTerm?: TermResponse
  /** Called when it has started, for instance to write into its log. */
  onStart?: () => void
  /** Called when it exits, for instance to write a termination message into a mounted file. */
  onExit?: (exitCode: number) => void
  /** What it uses while it runs; absent: nothing. `cores` is a rate: 0.5 is half a core. */
  usage?: { cores?: number; memoryBytes?: number }
  /**
   * Commands run in it; absent: every command succeeds without output. `afterMs` counts against the timeout; with
   * `startError` the command cannot be started, for this reason.
   */
  exec?: (command: string[]) => Partial<ExecSyncResponse> & { afterMs?: number; startError?: string }
}

/** An image that the simulated engine or its registry knows. */
export interface SimulatedImage {
  /** As manifests name it; a missing tag is `latest`. */
  reference: string
  /** `false`: it has to be pulled first. */
  present: boolean
  pullMs?: number
  /** A pull fails with this message. */
  pullError?: string
  /** User of the image's config: numeric (`1000`) or a name. */
  user?: string
}

/** `nginx` is `docker.io/library/nginx:latest`, so that every spelling finds the same image. */
export function normaliseReference(reference: string): string {
  const [name = '', digest] = reference.split('@', 2)
  const lastSlash = name.lastIndexOf('/')
  const tagged = name.indexOf(':', lastSlash + 1) >= 0 || digest !== undefined ? name : `${name}:latest`
  const first = tagged.split('/', 1)[0] ?? ''
  const hasRegistry = tagged.includes('/') && (/[.:]/.test(first) || first === 'localhost')
  const full = hasRegistry ? tagged : `docker.io/${tagged.includes('/') ? '' : 'library/'}${tagged}`
  return digest === undefined ? full : `${full}@${digest}`
}
