/** How far ours may be from recorded timings, and where they are compared. */
import type { KubeletCase, WorldName } from './kubelet-case.ts'

/** The recorded machine was busy, and so may one be that runs tests: a real node may take so many times as long, … */
export const LOAD_FACTOR = 4
/** … and so many seconds more. */
export const LOAD_SECONDS = 1

/** Worlds in which its timings are compared: on a real node, whatever else runs there takes time from it. */
export function worldsOfTimings({ worlds, alone }: Pick<KubeletCase, 'worlds' | 'alone'>): WorldName[] {
  return worlds.filter((world) => world === 'clock' || alone === true)
}

/** In seconds; on a fake clock nothing is an excuse. */
export function longestAllowed(recordedSeconds: number, isReal: boolean): number {
  return isReal ? recordedSeconds * LOAD_FACTOR + LOAD_SECONDS : recordedSeconds
}
