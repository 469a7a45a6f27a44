/** What must be true of a node whatever happened to it: of what is observed, at any moment and once it has come to rest. Pure. */
import type { Pod } from '../../../common/api/core.ts'
import type { ContainerStatus } from '../../../common/api/pod-status.ts'
import type { FileVerdict } from '../../../common/lab/file-verdict.ts'
import { isSidecar, podRestartPolicy } from '../../runtime/restart-policy.ts'
import type { WantedPod } from './life-files.ts'
import type { LifeWatch } from './life-watch.ts'

/** A sandbox or container that exists, whatever the kubelet says. */
export interface ThingOnNode {
  role: 'sandbox' | 'container'
  id: string
  podUid: string
  /** Of the container; empty for a sandbox. */
  name: string
  running: boolean
}

export interface Observation {
  nodeName: string
  pods: Pod[]
  verdicts: FileVerdict[]
  things: ThingOnNode[]
  /** UIDs that have a directory under the kubelet's root. */
  podDirectories: string[]
  /** UIDs that have a directory under /var/log/pods. */
  logDirectories: string[]
  /** Links in /var/log/containers that lead nowhere. */
  danglingLinks: string[]
}

/** Holds at every moment, also in the middle of work. */
export function findDoubles(things: readonly ThingOnNode[]): string[] {
  const seen = new Set<string>()
  return things
    .filter((thing) => thing.running)
    .flatMap(({ role, podUid, name }) => {
      const key = `${role} ${name} of pod ${podUid}`
      if (seen.has(key)) return [`${key} runs twice`]
      seen.add(key)
      return []
    })
}

/** Holds when nothing has happened for a while. */
export function findUnrest(
  observation: Observation,
  wanted: readonly WantedPod[],
  verdicts: ReadonlyMap<string, string>,
  watch: LifeWatch,
): string[] {
  const { nodeName, pods, things } = observation
  const problems = [...findDoubles(things), ...findWrongVerdicts(observation.verdicts, verdicts)]
  const names = pods.map((pod) => pod.metadata.name ?? '').sort()
  const wantedNames = wanted.map(({ name }) => `${name}-${nodeName}`).sort()
  if (names.join() !== wantedNames.join())
    problems.push(`the folder asks for [${wantedNames.join()}], the kubelet has [${names.join()}]`)
  for (const pod of pods) {
    const want = wanted.find(({ name }) => `${name}-${nodeName}` === pod.metadata.name)
    if (want !== undefined)
      problems.push(...findUnrestOfPod(pod, want, things, watch).map((text) => `${pod.metadata.name}: ${text}`))
  }
  const uids = new Set(pods.map((pod) => pod.metadata.uid ?? ''))
  for (const { role, name, podUid, id } of things)
    if (!uids.has(podUid)) problems.push(`${role} ${name} ${id.slice(0, 12)} of gone pod ${podUid} is left`)
  for (const uid of observation.podDirectories) if (!uids.has(uid)) problems.push(`files of gone pod ${uid} are left`)
  for (const uid of observation.logDirectories) if (!uids.has(uid)) problems.push(`logs of gone pod ${uid} are left`)
  for (const link of observation.danglingLinks) problems.push(`link ${link} leads nowhere`)
  return problems
}

function findWrongVerdicts(found: readonly FileVerdict[], expected: ReadonlyMap<string, string>): string[] {
  const problems = found
    .filter(({ explanation }) => explanation === '')
    .map(({ name }) => `${name} is judged without words`)
  const told = found.map(({ name, state }) => `${name} ${state}`).sort()
  const due = [...expected].map(([name, state]) => `${name} ${state}`).sort()
  return told.join() === due.join() ? problems : [...problems, `verdicts are [${told.join()}], not [${due.join()}]`]
}

function findUnrestOfPod(
  pod: Pod,
  { manifest }: WantedPod,
  things: readonly ThingOnNode[],
  watch: LifeWatch,
): string[] {
  const { status } = pod
  const problems: string[] = []
  if (pod.metadata.deletionTimestamp !== undefined) problems.push('it is still ending')
  if (pod.metadata.labels?.['version'] !== manifest.metadata.labels?.['version'])
    problems.push(`it is of version ${pod.metadata.labels?.['version']}, not ${manifest.metadata.labels?.['version']}`)
  const own = things.filter(({ podUid }) => podUid === pod.metadata.uid)
  const phase = status?.phase ?? 'none'
  const isOver = phase === 'Succeeded' || phase === 'Failed'
  if (isOver) {
    if (podRestartPolicy(manifest) === 'Always') problems.push(`policy Always and phase ${phase}`)
    if (own.some(({ running }) => running)) problems.push(`phase ${phase} and something of it runs`)
    return problems
  }
  // It is not begun again, as by upstream: what is left of it shows that it ran, and not how it ended; or that it was made,
  // and its sandbox was killed before it was started (facts 2.1.6).
  const hasPast = watch.hasLostItsPast(pod.metadata.uid ?? '') || own.some(({ role }) => role === 'container')
  const isStranded = podRestartPolicy(manifest) === 'Never' && hasPast
  if (isStranded && phase === 'Pending' && !own.some(({ running }) => running)) return problems
  if (phase !== 'Running') return [...problems, `phase is ${phase}`]
  for (const container of [...(manifest.spec.initContainers ?? []).filter(isSidecar), ...manifest.spec.containers]) {
    const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
    const told = all.find(({ name }) => name === container.name)
    const runs = own.some(({ role, name, running }) => role === 'container' && name === container.name && running)
    problems.push(...findUnrestOfContainer(pod, container.name, told, runs))
  }
  if (podRestartPolicy(manifest) === 'Never' && !own.some(({ role, running }) => role === 'container' && running))
    problems.push('nothing of it runs and nothing will, yet it is Running')
  return problems
}

/** A container that crashes again and again waits most of the time. */
function findUnrestOfContainer(pod: Pod, name: string, told: ContainerStatus | undefined, runs: boolean): string[] {
  if (told === undefined) return [`there is no status of ${name}`]
  const isTold = told.state.running !== undefined
  if (isTold !== runs) return [`${name} is told ${isTold ? 'running' : 'not running'} and that is not so`]
  if (runs) return told.ready ? [] : [`${name} runs and is not ready`]
  const isWaiting = told.state.waiting?.reason === 'CrashLoopBackOff'
  const isEnded = told.state.terminated !== undefined && podRestartPolicy(pod) !== 'Always'
  return isWaiting || isEnded ? [] : [`${name} neither runs nor waits for its restart: ${JSON.stringify(told.state)}`]
}
