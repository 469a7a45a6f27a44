/** Sequences that many cases begin or go through with. */
import { brief, passing } from '../../recorded/recorded-case.ts'
import type { Step } from '../../recorded/recorded-case.ts'
import type { KubeletWorld } from '../kubelet-world.ts'

/** What a real node may add to a time that is asked for. */
const LATE_SECONDS = 10

/** Seconds as they were seen; on a real node, those that are as many as `nominal` or a bit more count as these. */
export function nominally(world: KubeletWorld, seconds: number, nominal: number): number {
  return world.isReal && seconds >= nominal && seconds <= nominal + LATE_SECONDS ? nominal : seconds
}

/** From the manifest to the first container's start, as the list of pods shows it. */
export function starting(...containers: string[]): readonly Step[] {
  const waiting = containers.map((name) => `; ${name} waiting ContainerCreating`).join('')
  return [brief('Pending, no conditions'), `Pending, unready [${containers.join(' ')}]${waiting}`]
}

/** What a container that ends at once shows of its run, if anything at all. */
export function shortRun(attempt: number, ended: string): Step {
  return brief(`Running, ready; c running${attempt === 0 ? '' : `, last ${ended}, restarts ${attempt}`}`)
}

/** Runs of the container `c` that all end as `ended` says (`exited 1 Error`), the second and later ones followed by a wait. */
export function crashLadder(ended: string, waits: readonly string[]): readonly Step[] {
  return [
    shortRun(0, ended),
    passing(`Running, unready [c]; c ${ended}`),
    ...waits.flatMap((wait, index) => {
      const tail = `last ${ended}, restarts ${index + 1}`
      return [
        shortRun(index + 1, ended),
        passing(`Running, unready [c]; c ${ended}, ${tail}`),
        `Running, unready [c]; c waiting CrashLoopBackOff "back-off ${wait} restarting failed container=c pod=POD", ${tail}`,
      ]
    }),
  ]
}

/** Events in the order of their first appearance: how often one is repeated depends on how often a kubelet looks. */
export function eventsOnce({ trace }: KubeletWorld): string[] {
  return [...new Set(trace.lines('events'))]
}
