/** `crictl inspect` and `crictl inspectp`. */
import type { Clock } from '../../base/clock.ts'
import type { CriContainerStatus, PodSandboxStatus, VerboseInfo } from '../../container-runtime/cri.ts'
import { podSandboxStatusToWire } from '../../container-runtime/grpc/convert-status.ts'
import { ContainerStatus, PodSandboxStatus as PodSandboxStatusMessage } from '../../container-runtime/grpc/schema.ts'
import { findId } from './find-id.ts'
import type { Flag } from './flags.ts'
import { formatAge } from './format.ts'
import { formatMap, formatStatuses, formatTime, outputFlag, TEMPLATE_FLAG, type StatusData } from './output.ts'
import { toProtoJson, type JsonValue } from './proto-json.ts'
import { CONTAINER_SELECTION_FLAGS, selectContainers, selectionFlags, selectPods } from './select.ts'
import { during, type Invocation, type Outcome, type Verb } from './verb.ts'

/** Go's zero time. */
const NEVER = '0001-01-01T00:00:00Z'

export const STATUS_FLAGS: Flag[] = [
  outputFlag('json|yaml|go-template|table'),
  { name: 'quiet', aliases: ['q'], kind: 'switch', usage: 'Without what the runtime tells beside the status' },
  TEMPLATE_FLAG,
]

export const INSPECT: Verb = {
  name: 'inspect',
  usage: 'Show the status of containers',
  operands: 'CONTAINER-ID [CONTAINER-ID...]',
  flags: [
    ...STATUS_FLAGS,
    ...CONTAINER_SELECTION_FLAGS,
    { name: 'all', aliases: ['a'], kind: 'switch', usage: 'Those that do not run, too' },
  ],
  run: (invocation) => printStatuses(invocation, CONTAINERS),
}

export const INSPECTP: Verb = {
  name: 'inspectp',
  usage: 'Show the status of pods',
  operands: 'POD-ID [POD-ID...]',
  flags: [...STATUS_FLAGS, ...selectionFlags('pod')],
  run: (invocation) => printStatuses(invocation, PODS),
}

interface Kind<Status> {
  plural: string
  /** Whole ids of what is asked for, by operands or filters. */
  find(invocation: Invocation): Promise<string[]>
  look(invocation: Invocation, id: string): Promise<Status>
  lookForInfo(invocation: Invocation, id: string): Promise<VerboseInfo>
  toJson(status: Status): JsonValue
  describe(status: Status, clock: Clock): string
}

const CONTAINERS: Kind<CriContainerStatus> = {
  plural: 'containers',
  async find(invocation) {
    const { operands, runtime } = invocation
    if (operands.length === 0)
      return (await during('listing containers', () => selectContainers(invocation))).map(({ id }) => id)
    const all = await runtime.listContainers()
    return operands.map((operand) => findId('container', operand, all))
  },
  look: ({ runtime }, id) => during('get container status', runtime.containerStatus(id)),
  lookForInfo: ({ runtime }, id) => during('get container status', runtime.containerInfo(id)),
  toJson: containerStatusToJson,
  describe: describeContainer,
}

const PODS: Kind<PodSandboxStatus> = {
  plural: 'pod sandboxes',
  async find(invocation) {
    const { operands, runtime } = invocation
    if (operands.length === 0)
      return (await during('listing pod sandboxes', () => selectPods(invocation))).map(({ id }) => id)
    const all = await runtime.listPodSandbox()
    return operands.map((operand) => findId('sandbox', operand, all))
  },
  look: ({ runtime }, id) => during('get pod sandbox status', runtime.podSandboxStatus(id)),
  lookForInfo: ({ runtime }, id) => during('get pod sandbox status', runtime.podSandboxInfo(id)),
  toJson: podStatusToJson,
  describe: describePod,
}

async function printStatuses<Status>(invocation: Invocation, kind: Kind<Status>): Promise<Outcome> {
  const { flags, stdout, clock, log } = invocation
  const format = flags.text('output') || 'json'
  const ids = await kind.find(invocation)
  if (ids.length === 0) {
    log('error', 'No IDs provided or nothing found per filter')
    return 'help'
  }
  return during(`get the status of ${kind.plural}`, async (): Promise<Outcome> => {
    const statuses: StatusData[] = []
    for (const id of ids) {
      const status = await kind.look(invocation, id)
      const info = flags.isOn('quiet') ? {} : await kind.lookForInfo(invocation, id)
      if (format === 'table') {
        stdout(kind.describe(status, clock))
        if (!flags.isOn('quiet')) stdout(formatInfo(info))
      } else statuses.push({ status: kind.toJson(status), info })
    }
    if (format !== 'table') stdout(formatStatuses(statuses, format, flags.text('template')))
    return 'done'
  })
}

function containerStatusToJson(status: CriContainerStatus): JsonValue {
  const { state, createdAt, startedAt, finishedAt } = status
  const hasEnded = state === 'CONTAINER_EXITED' || (state === 'CONTAINER_UNKNOWN' && finishedAt > 0n)
  return {
    ...allFields(ContainerStatus.fields),
    ...toProtoJson(ContainerStatus, status),
    createdAt: formatTime(createdAt),
    startedAt: state === 'CONTAINER_CREATED' ? NEVER : formatTime(startedAt),
    finishedAt: hasEnded ? formatTime(finishedAt) : NEVER,
  }
}

function podStatusToJson(status: PodSandboxStatus): JsonValue {
  return {
    ...allFields(PodSandboxStatusMessage.fields),
    ...toProtoJson(PodSandboxStatusMessage, podSandboxStatusToWire(status)),
    createdAt: formatTime(status.createdAt),
  }
}

/** A status names its own fields even where they are not there. */
function allFields(fields: object): { [key: string]: JsonValue } {
  return Object.fromEntries(Object.keys(fields).map((field) => [field, null]))
}

function describeContainer(status: CriContainerStatus, clock: Clock): string {
  const { metadata, state, createdAt, startedAt, finishedAt, exitCode } = status
  const age = (nanoseconds: bigint): string => formatAge(Number(nanoseconds / 1_000_000n), clock.now())
  return [
    `ID: ${status.id}\n`,
    `Name: ${metadata.name}\n`,
    ...(metadata.attempt === 0 ? [] : [`Attempt: ${metadata.attempt}\n`]),
    `State: ${state}\n`,
    `Created: ${age(createdAt)}\n`,
    ...(state === 'CONTAINER_CREATED' ? [] : [`Started: ${age(startedAt)}\n`]),
    ...(state === 'CONTAINER_EXITED' ? [`Finished: ${age(finishedAt)}\n`, `Exit Code: ${exitCode}\n`] : []),
    formatMap('Labels', status.labels),
    formatMap('Annotations', status.annotations),
  ].join('')
}

function describePod(status: PodSandboxStatus): string {
  const { name, uid, namespace, attempt } = status.metadata
  return [
    `ID: ${status.id}\n`,
    `Name: ${name}\n`,
    `UID: ${uid}\n`,
    `Namespace: ${namespace}\n`,
    `Attempt: ${attempt}\n`,
    `Status: ${status.state}\n`,
    `Created: ${formatTime(status.createdAt)}\n`,
    `IP Addresses: ${status.ip}\n`,
    ...status.additionalIps.map((ip) => `Additional IP: ${ip}\n`),
    formatMap('Labels', status.labels),
    formatMap('Annotations', status.annotations),
  ].join('')
}

/** As Go prints a map. */
export function formatInfo(info: VerboseInfo): string {
  const entries = Object.entries(info).map(([key, text]) => `${key}:${text}`)
  return `Info: map[${entries.sort().join(' ')}]\n`
}
