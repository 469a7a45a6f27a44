/** Why a node is not ready, in upstream's words (K/runtime.go; facts 7.2). Pure. */
import type { RuntimeHealthState } from '../runtime/runtime-health.ts'

const RUNTIME = 'container runtime'

export function computeNodeProblems({ ready, message, networkProblem }: RuntimeHealthState): string[] {
  const problems: string[] = []
  if (!ready) {
    const words = message ?? `${RUNTIME} is down`
    problems.push(words.startsWith(RUNTIME) ? words : `${RUNTIME} not ready: ${words}`)
  }
  if (networkProblem !== undefined) problems.push(`${RUNTIME} network not ready: ${networkProblem}`)
  return problems
}
