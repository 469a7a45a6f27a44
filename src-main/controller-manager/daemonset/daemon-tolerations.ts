/** What every pod of a DaemonSet tolerates without its author's saying so (pkg/controller/daemon/util AddOrUpdateDaemonPodTolerations; facts 6.2.4). Pure. */
import type { PodSpec, Toleration } from '../../common/api/core.ts'

type Effect = NonNullable<Toleration['effect']>

const AUTOMATIC: readonly (readonly [name: string, effect: Effect])[] = [
  ['not-ready', 'NoExecute'],
  ['unreachable', 'NoExecute'],
  ['disk-pressure', 'NoSchedule'],
  ['memory-pressure', 'NoSchedule'],
  ['pid-pressure', 'NoSchedule'],
  ['unschedulable', 'NoSchedule'],
]

/** The network that is missing is not theirs. */
const WITH_HOST_NETWORK: (typeof AUTOMATIC)[number] = ['network-unavailable', 'NoSchedule']

/** Those of the template, then the automatic ones; one of the template that is limited in time lasts for ever. */
export function daemonTolerations({ tolerations = [], hostNetwork = false }: PodSpec): Toleration[] {
  const automatic = hostNetwork ? [...AUTOMATIC, WITH_HOST_NETWORK] : AUTOMATIC
  let all = tolerations
  for (const [name, effect] of automatic) {
    const toleration: Toleration = { key: `node.kubernetes.io/${name}`, operator: 'Exists', effect }
    const isThere = all.some((one) => isSame(one, toleration))
    all = isThere ? all.map((one) => (isSame(one, toleration) ? toleration : one)) : [...all, toleration]
  }
  return all
}

function isSame(one: Toleration, other: Toleration): boolean {
  return (
    one.key === other.key &&
    one.effect === other.effect &&
    one.operator === other.operator &&
    (one.value ?? '') === (other.value ?? '')
  )
}
