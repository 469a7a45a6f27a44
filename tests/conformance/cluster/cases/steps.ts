/** Sequences that many cases have in common. */
import { brief, passing, type Step } from '../../recorded/recorded-case.ts'

/** A pod of a DaemonSet from its creation to its readiness. */
export function comes(pod: string): Step[] {
  return [`${pod} pending`, `${pod} bound`, `${pod} ready`]
}

export function goes(pod: string): Step[] {
  return [`${pod} ending`, `${pod} gone`]
}

/** The status of a DaemonSet on two nodes while one pod is replaced; the two numbers say how many are of the newest template. */
export function replacing(newBefore: number, newAfter: number): Step[] {
  return [
    passing(`2/2/1/${newBefore}/1`),
    brief(`2/1/1/${newBefore === newAfter ? newBefore - 1 : newBefore}/1`),
    passing(`2/2/1/${newAfter}/1`),
    `2/2/2/${newAfter}/2`,
  ]
}
