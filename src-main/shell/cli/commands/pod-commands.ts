/** `pods`, `timeline`, `logs`, `exec`, `crash`. */
import { Option, type Command } from 'commander'
import type { Pod, PodList } from '../../../common/api/core.ts'
import type { ContainerTarget } from '../../../common/ipc/calls.ts'
import { simulatedNodeNumber } from '../../../common/lab/simulated-nodes.ts'
import { nodeArgument, sinceArgument, tailArgument } from '../arguments.ts'
import type { CommandContext } from '../context.ts'
import { UsageError } from '../exit-codes.ts'
import { containerTarget, findPod } from '../find-pod.ts'
import { formatPods } from '../format-pods.ts'
import { printTimeline, type TimelineOptions } from '../print-timeline.ts'
import { processStreams } from '../process-streams.ts'
import { withLab, type LabOption } from './lab-option.ts'

interface PodsOptions extends LabOption {
  output?: 'wide' | 'json'
  watch?: boolean
}

interface LogsOptions extends LabOption {
  follow?: boolean
  tail?: number
  previous?: boolean
  timestamps?: boolean
}

interface ExecOptions extends LabOption {
  container?: string
  stdin?: boolean
  tty?: boolean
}

export function addPodCommands(program: Command, context: CommandContext): void {
  withLab(program.command('pods').argument('[node]', 'this node only', nodeArgument))
    .description(
      'what the kubelets say of their pods (no API server needed); of a simulated node, what the API server says',
    )
    .addOption(new Option('-o, --output <format>', 'wide, or json for a v1 PodList').choices(['wide', 'json']))
    .option('-w, --watch', 'go on, and print every change')
    .action((node: string | undefined, options: PodsOptions) => pods(context, node, options))
  withLab(program.command('timeline').argument('[pod]', 'this pod only'))
    .description('what happened and why, oldest first')
    .addOption(
      new Option('-o, --output <format>', 'story (sentences), table (each entry), json (each entry, without actions)')
        .choices(['story', 'table', 'json'])
        .default('story'),
    )
    .option('--node <node>', 'of this node only', nodeArgument)
    .option('--since <time>', 'from then on: 90s, 10m, 2h, 1d ago, or a moment such as 2026-01-31T14:00:00Z', (value) =>
      sinceArgument(value, context.clock.now()),
    )
    .option('--actions', 'also with -o json: what people did; such an element has a kind and no reason')
    .option('-f, --follow', 'go on with what happens next')
    .action((pod: string | undefined, options: TimelineOptions) => printTimeline(context, pod, options))
  withLab(program.command('logs').argument('<pod>', 'the pod').argument('[container]', 'default: its first'))
    .description("a container's log")
    .option('-f, --follow', 'go on with what it writes next')
    .option('--tail <lines>', 'only the last lines', tailArgument)
    .option('-p, --previous', 'of the instance before the last restart')
    .option('--timestamps', 'with the time of each line')
    .action((pod: string, container: string | undefined, options: LogsOptions) =>
      logs(context, pod, container, options),
    )
  withLab(program.command('exec').argument('<pod>', 'the pod').argument('<command...>', 'after --'))
    .description('run a command in a container')
    .option('-c, --container <container>', 'default: its first')
    .option('-i, --stdin', 'pass standard input on')
    .option('-t, --tty', 'with a terminal')
    .action((pod: string, command: string[], options: ExecOptions) => exec(context, pod, command, options))
  withLab(program.command('crash').argument('<pod>', 'the pod').argument('[container]', 'default: its first'))
    .description("kill a container's first process (SIGKILL), as a crash does")
    .action(async (pod: string, container: string | undefined, { lab }: LabOption) => {
      const manager = await context.labManager()
      const crashed = await manager.crash(await target(context, lab, pod, container))
      context.terminal.print(
        `${crashed.container} of ${pod} was killed. node-lab timeline ${pod} --lab ${lab} shows what the kubelet does.`,
      )
    })
}

async function target(
  context: CommandContext,
  lab: string,
  words: string,
  container?: string,
): Promise<ContainerTarget> {
  const manager = await context.labManager()
  return containerTarget(lab, findPod(lab, await manager.pods(lab), words), container)
}

async function pods(context: CommandContext, node: string | undefined, options: PodsOptions): Promise<void> {
  const manager = await context.labManager()
  if (node !== undefined && simulatedNodeNumber(node) !== undefined) return podsOfSimulated(context, node, options)
  print(context, await manager.pods(options.lab, node), options)
  if (options.watch !== true) {
    if (node === undefined && options.output !== 'json') await noteSimulated(context, options.lab)
    return
  }
  const latest = new Map<string, string>()
  const known = (pod: Pod): string => JSON.stringify(pod.status)
  for (const pod of await manager.pods(options.lab, node)) latest.set(pod.metadata.uid ?? '', known(pod))
  const subscription = manager.subscribe({
    onNodeChanged: (view) => {
      if (view.lab !== options.lab || (node !== undefined && view.node !== node)) return
      const changed = view.pods.filter((pod) => latest.get(pod.metadata.uid ?? '') !== known(pod))
      for (const pod of changed) latest.set(pod.metadata.uid ?? '', known(pod))
      if (changed.length === 0) return
      if (options.output === 'json') for (const pod of changed) context.terminal.print(JSON.stringify(pod))
      else
        for (const line of formatPods(changed, context.clock.now(), options.output === 'wide').slice(1))
          context.terminal.print(line)
    },
  })
  await interruption(context.signal)
  await subscription.dispose()
}

/** Simulated kubelets keep no channel to this machine: the API server is asked. */
async function podsOfSimulated(context: CommandContext, node: string, options: PodsOptions): Promise<void> {
  if (options.watch === true)
    throw new UsageError(`Watch the pods of simulated nodes with: node-lab kubectl --lab ${options.lab} get pods -A -w`)
  const manager = await context.labManager()
  print(context, await manager.apiPodsOf({ lab: options.lab, node }), options)
}

async function noteSimulated(context: CommandContext, lab: string): Promise<void> {
  const { simulatedNodes } = await (await context.labManager()).labStatus(lab)
  if (simulatedNodes === undefined) return
  const { count, names } = simulatedNodes
  const [first = ''] = (names[0] ?? '').split('-')
  context.terminal.note(
    `The pods of ${count} simulated nodes are not among them. Those of one: node-lab pods ${first} --lab ${lab}; ` +
      `all: node-lab kubectl --lab ${lab} get pods -A -o wide`,
  )
}

function print(context: CommandContext, items: Pod[], options: PodsOptions): void {
  const { terminal } = context
  if (options.output === 'json') {
    const list: PodList = { apiVersion: 'v1', kind: 'PodList', metadata: {}, items }
    terminal.print(JSON.stringify(list, undefined, 2))
    return
  }
  if (items.length === 0 && options.watch !== true) {
    terminal.note(`No pods in the lab "${options.lab}".`)
    return
  }
  for (const line of formatPods(items, context.clock.now(), options.output === 'wide')) terminal.print(line)
}

async function logs(
  context: CommandContext,
  pod: string,
  container: string | undefined,
  options: LogsOptions,
): Promise<void> {
  const manager = await context.labManager()
  const chunks = manager.logs(await target(context, options.lab, pod, container), {
    follow: options.follow === true,
    previous: options.previous === true,
    timestamps: options.timestamps === true,
    ...(options.tail !== undefined && { tailLines: options.tail }),
    signal: context.signal,
  })
  for await (const chunk of chunks) context.terminal.write(chunk)
}

async function exec(context: CommandContext, pod: string, command: string[], options: ExecOptions): Promise<void> {
  const manager = await context.labManager()
  const container = await target(context, options.lab, pod, options.container)
  const streams = processStreams({ tty: options.tty === true, stdin: options.stdin === true })
  try {
    context.exitWith(await manager.exec(container, { ...streams.options, command, signal: context.signal }))
  } finally {
    streams.dispose()
  }
}

function interruption(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
