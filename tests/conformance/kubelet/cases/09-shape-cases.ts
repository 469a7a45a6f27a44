/** Pods as whole objects (REPORT.md §9): every field of the kubelet's list, with its value. */
import type { Pod } from '../../../../src-main/common/api/core.ts'
import { exitsWith, obeysTerm } from '../../workloads.ts'
import { defineKubeletCases } from '../kubelet-case.ts'
import type { Citation, Findings } from '../../recorded/recorded-case.ts'
import type { Difference, KubeletCase } from '../kubelet-case.ts'
import type { KubeletWorld } from '../kubelet-world.ts'
import { IMAGE, onePod } from '../pod-plan.ts'
import type { PodPlan } from '../pod-plan.ts'
import { SimulatedWorld } from '../simulated-world.ts'

/** What is another one in every run gets a name; commands and tolerations of time are not compared. */
function describeObject({ metadata, spec, status }: Pod): string[] {
  const { name = '', uid = '' } = metadata
  const lines: string[] = []
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value)) value.forEach((item, index) => walk(item, `${path}[${keyOf(item) ?? index}]`))
    else if (typeof value === 'object' && value !== null)
      for (const [key, item] of Object.entries(value)) walk(item, path === '' ? key : `${path}.${key}`)
    else if (value !== undefined && !path.includes('.command[')) lines.push(`${path}: ${nameOf(value)}`)
  }
  const keyOf = (item: { type?: string } | null): string | undefined => item?.type
  const nameOf = (value: unknown): string =>
    String(value)
      .replaceAll(uid === '' ? '\0' : uid, 'UID')
      .replaceAll(name === '' ? '\0' : name, 'NAME')
      .replaceAll(IMAGE, 'IMAGE')
      .replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/, 'TIME')
      .replace(/^(?:(?:docker|simulated):\/\/)?(?:sha256:)?(?:[0-9a-f]{64}|sandbox-\d+|container-\d+)$/, 'ID')
      .replaceAll(/\b\d+\.\d+\.\d+\.\d+\b/g, 'IP')
  walk({ metadata, spec, status }, '')
  return lines
}

function compared(recorded: readonly string[], pod: Pod | undefined): Findings {
  const ours = pod === undefined ? [] : describeObject(pod)
  return {
    'recorded, and not in ours': recorded.filter((line) => !ours.includes(line)).toSorted(),
    'in ours, and not recorded': ours.filter((line) => !recorded.includes(line)).toSorted(),
  }
}

const METADATA = [
  'metadata.name: NAME',
  'metadata.namespace: default',
  'metadata.selfLink: /api/v1/namespaces/default/pods/NAME',
  'metadata.uid: UID',
  'metadata.creationTimestamp: null',
  'metadata.annotations.kubernetes.io/config.hash: UID',
  'metadata.annotations.kubernetes.io/config.seen: TIME',
  'metadata.annotations.kubernetes.io/config.source: file',
]

function specLines(restartPolicy: string): string[] {
  return [
    'spec.containers[0].name: c',
    'spec.containers[0].image: IMAGE',
    'spec.containers[0].terminationMessagePath: /dev/termination-log',
    'spec.containers[0].terminationMessagePolicy: File',
    'spec.containers[0].imagePullPolicy: IfNotPresent',
    `spec.restartPolicy: ${restartPolicy}`,
    'spec.terminationGracePeriodSeconds: 30',
    'spec.dnsPolicy: ClusterFirst',
    'spec.nodeName: node01',
    'spec.schedulerName: default-scheduler',
    'spec.tolerations[0].operator: Exists',
    'spec.tolerations[0].effect: NoExecute',
    'spec.enableServiceLinks: true',
  ]
}

type Verdict = readonly [status: 'True' | 'False', reason?: string, message?: string]

function conditionLines(conditions: readonly (readonly [type: string, verdict: Verdict])[]): string[] {
  return conditions.flatMap(([type, [status, reason, message]]) =>
    [
      `type: ${type}`,
      `status: ${status}`,
      'lastProbeTime: null',
      'lastTransitionTime: TIME',
      ...(reason === undefined ? [] : [`reason: ${reason}`]),
      ...(message === undefined ? [] : [`message: ${message}`]),
    ].map((line) => `status.conditions[${type}].${line}`),
  )
}

const UNREADY: Verdict = ['False', 'ContainersNotReady', 'containers with unready status: [c]']
const COMPLETED: Verdict = ['False', 'PodCompleted']

function conditions(initialized: Verdict, ready: Verdict): [string, Verdict][] {
  return [
    ['Initialized', initialized],
    ['Ready', ready],
    ['ContainersReady', ready],
    ['PodScheduled', ['True']],
  ]
}

const ADDRESS = ['status.podIP: IP', 'status.podIPs[0].ip: IP']
const IN_RUNTIME = ['image: IMAGE', 'imageID: ID', 'containerID: ID']

function containerLines(...lines: string[]): string[] {
  return ['name: c', ...lines].map((line) => `status.containerStatuses[0].${line}`)
}

function terminatedLines(state: 'state' | 'lastState', exitCode: number, reason: string): string[] {
  return [`exitCode: ${exitCode}`, `reason: ${reason}`, 'startedAt: TIME', 'finishedAt: TIME', 'containerID: ID'].map(
    (line) => `${state}.terminated.${line}`,
  )
}

interface Shape {
  restartPolicy?: string
  phase: string
  initialized?: Verdict
  ready: Verdict
  container: string[]
  address?: boolean
}

function recordedLines({
  restartPolicy = 'Always',
  phase,
  initialized = ['True'],
  ready,
  container,
  address = true,
}: Shape): string[] {
  return [
    ...METADATA,
    ...specLines(restartPolicy),
    `status.phase: ${phase}`,
    ...conditionLines(conditions(initialized, ready)),
    ...(address ? ADDRESS : []),
    'status.startTime: TIME',
    ...containerLines(...container),
    'status.qosClass: BestEffort',
  ]
}

const NODE_ADDRESS = ['status.hostIP: IP', 'status.hostIPs[0].ip: IP']

const SAME: Findings = { 'recorded, and not in ours': [], 'in ours, and not recorded': [] }
const REMOVED_FIELDS = ['metadata.selfLink: /api/v1/namespaces/default/pods/NAME', 'metadata.creationTimestamp: null']

function shapeCase(
  words: Pick<KubeletCase, 'given' | 'then'>,
  recording: string,
  shape: Shape,
  look: { worlds: KubeletCase['worlds']; pod: (world: KubeletWorld) => Promise<Pod | undefined>; ours?: Verdict },
  because: Citation = { facts: '1.4.7, 2.7.1, 2.7.4' },
): KubeletCase {
  const recorded = recordedLines(shape)
  const { phase, initialized = ['True'], ready, address = true } = shape
  const hasSandbox = address && phase === 'Running'
  const older = conditionLines(conditions(initialized, ready))
  const current = conditionLines([
    ['PodReadyToStartContainers', [hasSandbox ? 'True' : 'False']],
    ...conditions(initialized, look.ours ?? ready),
  ])
  const differs: Difference = {
    reason: 'Newer versions have dropped two fields, list one more condition, and tell the address of the node.',
    because,
    instead: {
      findings: {
        'recorded, and not in ours': [...REMOVED_FIELDS, ...older.filter((line) => !current.includes(line))].toSorted(),
        'in ours, and not recorded': [...current.filter((line) => !older.includes(line)), ...NODE_ADDRESS].toSorted(),
      },
    },
  }
  return {
    ...words,
    source: { section: '9', recordings: [recording] },
    worlds: look.worlds,
    steps: async (world) => compared(recorded, await look.pod(world)),
    recorded: { findings: SAME },
    differs: [differs],
  }
}

async function whenLast(world: KubeletWorld, plan: PodPlan, isSo: (line: string) => boolean): Promise<Pod | undefined> {
  await world.start(plan)
  await world.until('the state', () => isSo(world.trace.lines('states').at(-1) ?? ''))
  // A pod that is over loses its sandbox a moment later.
  if (plan.spec?.restartPolicy === 'Never') await world.sees('runtime', 'sandbox 0 stopped')
  await world.pass(world.isReal ? 1 : 0.1)
  return world.pod()
}

/** The first state of a pod that is listed at all and passes `isSo`; it lasts for a moment. */
async function firstListed(world: KubeletWorld, isSo: (pod: Pod) => boolean): Promise<Pod | undefined> {
  if (!(world instanceof SimulatedWorld)) throw new Error('only a fake clock shows it')
  let found: Pod | undefined
  const subscription = world.node.kubelet.onDidChange(() => {
    found ??= world.node.kubelet.pods().find(isSo)
  })
  await world.start(onePod(obeysTerm(0)))
  await world.until('the pod to be listed', () => found !== undefined)
  await subscription.dispose()
  return found
}

const WAITING = [
  'state.waiting.reason: ContainerCreating',
  'ready: false',
  'restartCount: 0',
  'image: IMAGE',
  'imageID: ',
  'started: false',
]

export const SHAPE_CASES = defineKubeletCases({
  'just-added': {
    given: 'a pod that was added in this moment',
    then: 'it is listed with its defaults, and with a phase as its only status',
    source: { section: '9', recordings: ['09-pods-just-added.json'] },
    worlds: ['clock'],
    async steps(world) {
      const recorded = [...METADATA, ...specLines('Always'), 'status.phase: Pending']
      return compared(recorded, await firstListed(world, () => true))
    },
    recorded: { findings: SAME },
    differs: [
      {
        reason: 'Newer versions have dropped two fields.',
        because: { facts: '1.4.7, 1.4.8' },
        instead: { findings: { ...SAME, 'recorded, and not in ours': REMOVED_FIELDS.toSorted() } },
      },
    ],
  },
  creating: shapeCase(
    { given: 'a pod without a sandbox yet', then: 'its container is being created' },
    '09-pods-containercreating.json',
    { phase: 'Pending', ready: UNREADY, container: WAITING, address: false },
    {
      worlds: ['clock'],
      pod: (world) => firstListed(world, ({ status }) => status?.containerStatuses !== undefined),
    },
  ),
  'running-shape': shapeCase(
    { given: 'a running pod', then: 'its status has everything that a reader of kubectl looks for' },
    '09-pods-running.json',
    {
      phase: 'Running',
      ready: ['True'],
      container: ['state.running.startedAt: TIME', 'ready: true', 'restartCount: 0', ...IN_RUNTIME, 'started: true'],
    },
    {
      worlds: ['clock', 'engine'],
      pod: (world) => whenLast(world, onePod(obeysTerm(0)), (line) => line.startsWith('Running, ready')),
    },
  ),
  'crash-shape': shapeCase(
    { given: 'a container that waits for its restart', then: 'its status says how long, and how it ended' },
    '09-pods-crashloopbackoff.json',
    {
      phase: 'Running',
      ready: UNREADY,
      container: [
        'state.waiting.reason: CrashLoopBackOff',
        'state.waiting.message: back-off 10s restarting failed container=c pod=NAME_default(UID)',
        ...terminatedLines('lastState', 1, 'Error'),
        ...['ready: false', 'restartCount: 1', ...IN_RUNTIME, 'started: false'],
      ],
    },
    {
      worlds: ['clock', 'engine'],
      pod: (world) => whenLast(world, onePod(exitsWith(1)), (line) => line.includes('back-off 10s')),
    },
  ),
  succeeded: shapeCase(
    { given: 'a pod that has done its work', then: 'its conditions say so' },
    '09-pods-succeeded.json',
    {
      restartPolicy: 'Never',
      phase: 'Succeeded',
      initialized: ['True', 'PodCompleted'],
      ready: COMPLETED,
      container: [
        ...terminatedLines('state', 0, 'Completed'),
        ...['ready: false', 'restartCount: 0', ...IN_RUNTIME, 'started: false'],
      ],
    },
    {
      worlds: ['clock', 'engine'],
      pod: (world) =>
        whenLast(world, onePod(exitsWith(0), { restartPolicy: 'Never' }), (line) => line.startsWith('Succeeded')),
    },
  ),
  failed: shapeCase(
    { given: 'a pod that has failed', then: 'its conditions say so' },
    '09-pods-failed.json',
    {
      restartPolicy: 'Never',
      phase: 'Failed',
      ready: UNREADY,
      container: [
        ...terminatedLines('state', 3, 'Error'),
        ...['ready: false', 'restartCount: 0', ...IN_RUNTIME, 'started: false'],
      ],
    },
    {
      worlds: ['clock', 'engine'],
      pod: (world) =>
        whenLast(world, onePod(exitsWith(3), { restartPolicy: 'Never' }), (line) => line.startsWith('Failed')),
      ours: ['False', 'PodFailed'],
    },
    { facts: '1.4.7, 2.7.1, 2.7.2, 2.7.4' },
  ),
})
