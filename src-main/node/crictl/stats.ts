/** `crictl stats` and `crictl statsp`: two looks, a second apart, as cri-tools takes them. */
import { delay } from '../../base/clock.ts'
import { CriError, type ContainerStats, type CpuUsage } from '../../container-runtime/cri.ts'
import { containerStatsToWire, podSandboxStatsToWire } from '../../container-runtime/grpc/convert-stats.ts'
import { ListContainerStatsResponse, ListPodSandboxStatsResponse } from '../../container-runtime/grpc/schema-stats.ts'
import { findId } from './find-id.ts'
import type { Flag } from './flags.ts'
import { formatSize, formatTable, shortId } from './format.ts'
import { formatList, outputFlag } from './output.ts'
import { toProtoJson } from './proto-json.ts'
import { LABEL_FLAG, parseLabels } from './select.ts'
import { during, type Invocation, type Outcome, type Verb } from './verb.ts'

const WATCH_EVERY_MS = 500
const CLEAR_SCREEN = '\u001B[2J\u001B[H'

const statsFlags = (what: string): Flag[] => [
  { name: 'id', kind: 'text', usage: `Only the ${what} with this ID` },
  LABEL_FLAG,
  outputFlag('json|yaml|table'),
  {
    name: 'seconds',
    aliases: ['s'],
    kind: 'integer',
    defaultText: '1',
    usage: 'Seconds over which the CPU is measured',
  },
  { name: 'watch', aliases: ['w'], kind: 'switch', usage: 'Again and again' },
]

export const STATS: Verb = {
  name: 'stats',
  usage: 'Show what containers use',
  operands: '[ID]',
  flags: [
    ...statsFlags('container'),
    { name: 'all', aliases: ['a'], kind: 'switch', usage: 'Those that do not run, too' },
    { name: 'pod', aliases: ['p'], kind: 'text', usage: 'Only containers of the pod with this ID' },
  ],
  run: (invocation) => during('get container stats', () => watchOrPrint(invocation, describeContainers)),
}

export const STATSP: Verb = {
  name: 'statsp',
  usage: 'Show what pods use',
  operands: '[ID]',
  flags: statsFlags('pod'),
  run: (invocation) => during('get pod stats', () => watchOrPrint(invocation, describePods)),
}

async function watchOrPrint(
  invocation: Invocation,
  describe: (invocation: Invocation) => Promise<string>,
): Promise<Outcome> {
  const { operands, flags, stdout, clock, signal } = invocation
  if (operands.length > 1) return 'help'
  if (!flags.isOn('watch')) {
    stdout(await describe(invocation))
    return 'done'
  }
  const isTable = ['', 'table'].includes(flags.text('output'))
  try {
    for (;;) {
      stdout(`${isTable ? CLEAR_SCREEN : ''}${await describe(invocation)}`)
      await delay(clock, WATCH_EVERY_MS, signal)
    }
  } catch (error) {
    // Ctrl+C is how a watch ends.
    if (signal.aborted) return 'done'
    throw error
  }
}

const wantedId = ({ flags, operands }: Invocation): string => flags.text('id') || (operands[0] ?? '')
const measureMs = ({ flags }: Invocation): number => Math.max(0, flags.integer('seconds') ?? 1) * 1000

async function describeContainers(invocation: Invocation): Promise<string> {
  const { flags, runtime, clock, signal } = invocation
  const id = wantedId(invocation)
  const podSandboxId = flags.text('pod')
  const before = await runtime.listContainerStats({
    ...(id === '' ? {} : { id: findId('container', id, await runtime.listContainers()) }),
    ...(podSandboxId === '' ? {} : { podSandboxId }),
    labelSelector: parseLabels(flags),
  })
  before.sort(byId)
  const listed = formatList(flags, () =>
    toProtoJson(ListContainerStatsResponse, { stats: before.map(containerStatsToWire) }),
  )
  if (listed !== undefined) return listed
  await delay(clock, measureMs(invocation), signal)
  const rows = await Promise.all(before.map((first) => measureContainer(invocation, first)))
  return formatTable(
    ['CONTAINER', 'NAME', 'CPU %', 'MEM', 'DISK', 'INODES'],
    rows.filter((row) => row !== undefined),
  )
}

async function measureContainer({ runtime }: Invocation, first: ContainerStats): Promise<string[] | undefined> {
  const { id, metadata } = first.attributes
  try {
    const { cpu, memory, writableLayer } = await runtime.containerStats(id)
    const percent = computeCpuPercent(first.cpu, cpu).toFixed(2)
    // The engine does not count inodes.
    return [shortId(id), metadata.name, percent, sizeOf(memory?.workingSetBytes), sizeOf(writableLayer?.usedBytes), '0']
  } catch (error) {
    // It has been removed since the first look.
    if (error instanceof CriError && error.code === 'NotFound') return undefined
    throw error
  }
}

async function describePods(invocation: Invocation): Promise<string> {
  const { flags, runtime, clock, signal } = invocation
  const id = wantedId(invocation)
  const filter = {
    ...(id === '' ? {} : { id: findId('sandbox', id, await runtime.listPodSandbox()) }),
    labelSelector: parseLabels(flags),
  }
  const before = await runtime.listPodSandboxStats(filter)
  before.sort(byId)
  const listed = formatList(flags, () =>
    toProtoJson(ListPodSandboxStatsResponse, { stats: before.map(podSandboxStatsToWire) }),
  )
  if (listed !== undefined) return listed
  await delay(clock, measureMs(invocation), signal)
  const after = (await runtime.listPodSandboxStats(filter)).sort(byId)
  return formatTable(
    ['POD', 'POD ID', 'CPU %', 'MEM'],
    after.map(({ attributes, cpu, memory }) => [
      attributes.metadata.name,
      shortId(attributes.id),
      computeCpuPercent(before.find((first) => first.attributes.id === attributes.id)?.cpu, cpu).toFixed(2),
      sizeOf(memory?.workingSetBytes),
    ]),
  )
}

function byId(left: { attributes: { id: string } }, right: { attributes: { id: string } }): number {
  return left.attributes.id < right.attributes.id ? -1 : 1
}

const sizeOf = (bytes: bigint | undefined): string => formatSize(Number(bytes ?? 0n), 4)

/** 100 is one core. A counter that began anew is counted from its beginning. */
export function computeCpuPercent(before: CpuUsage | undefined, after: CpuUsage | undefined): number {
  if (before === undefined || after === undefined || after.timestamp <= before.timestamp) return 0
  const restarted = after.usageCoreNanoSeconds < before.usageCoreNanoSeconds
  const used = after.usageCoreNanoSeconds - (restarted ? 0n : before.usageCoreNanoSeconds)
  return (Number(used) / Number(after.timestamp - before.timestamp)) * 100
}
