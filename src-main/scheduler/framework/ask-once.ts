/** Answers that depend on a pod's namespace and labels only, kept: most pods have the same as many others. */
import type { PodInfo } from './pod-info.ts'

/** For as long as the answer holds: while one pod gets its node. */
export function askOnce(ask: (pod: PodInfo) => boolean): (pod: PodInfo) => boolean {
  const answers = new Map<string, boolean>()
  return (pod) => {
    let answer = answers.get(pod.signature)
    if (answer === undefined) {
      answer = ask(pod)
      answers.set(pod.signature, answer)
    }
    return answer
  }
}
