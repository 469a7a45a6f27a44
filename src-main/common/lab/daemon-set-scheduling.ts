/**
 * Who gives pods of DaemonSets their nodes: the gate ScheduleDaemonSetPods of kube-controller-manager, which upstream had from
 * 1.11 to 1.17 (facts 6.3). Pure.
 */

export const SCHEDULE_DAEMON_SET_PODS = 'ScheduleDaemonSetPods'
export const FEATURE_GATES_FLAG = '--feature-gates'

/** What Go's strconv.ParseBool takes for false. */
const FALSE = ['0', 'f', 'F', 'false', 'FALSE', 'False']

/** The value of `--feature-gates`, `A=true,B=false`, as pairs in their order. */
export function parseFeatureGates(value: string): [name: string, value: string][] {
  const parts = value.split(',').filter((part) => part !== '')
  return parts.map((part) => {
    const [name = '', ...rest] = part.split('=')
    return [name, rest.join('=')]
  })
}

/** Of a kube-controller-manager's command and arguments; on (the scheduler does it) where they say nothing. */
export function readScheduleDaemonSetPods(words: readonly string[]): boolean {
  const gates = words.flatMap((word, index) => {
    if (word === FEATURE_GATES_FLAG) return parseFeatureGates(words[index + 1] ?? '')
    return word.startsWith(`${FEATURE_GATES_FLAG}=`) ? parseFeatureGates(word.slice(FEATURE_GATES_FLAG.length + 1)) : []
  })
  const last = gates.findLast(([name]) => name === SCHEDULE_DAEMON_SET_PODS)
  return last === undefined || !FALSE.includes(last[1])
}
