/** `node add|remove|start|stop|power-on|power-off|…-kubelet|cordon|uncordon|drain`, and `shell`. */
import type { Command } from 'commander'
import type { DrainOutcome } from '../../../common/lab/drain-outcome.ts'
import { LabError } from '../../../common/lab-error.ts'
import type { LabManager } from '../../../lab/lab-manager.ts'
import { nodeArgument, simulatedCountArgument } from '../arguments.ts'
import type { CommandContext } from '../context.ts'
import { UsageError } from '../exit-codes.ts'
import { formatLab } from '../format-lab.ts'
import { printable } from '../output.ts'
import { processStreams } from '../process-streams.ts'
import { addNodeSettingsCommand } from './node-settings-command.ts'
import { withLab, type LabOption } from './lab-option.ts'

type NodeAction = (manager: LabManager, lab: string, node: string) => Promise<string>

export function addNodeCommands(program: Command, context: CommandContext): void {
  const group = program.command('node').description('add, remove, start and stop nodes')
  withLab(group.command('add').argument('[node]', 'its name (default: the next free one)', nodeArgument))
    .description('add a node to a running lab, or many simulated ones')
    .option(
      '--simulated <n>',
      'so many nodes whose kubelets are real and whose containers are not; needs a control plane',
      simulatedCountArgument,
    )
    .action(async (node: string | undefined, options: LabOption & { simulated?: number }) => {
      const { simulated, lab: name } = options
      if (node !== undefined && simulated !== undefined)
        throw new UsageError('Simulated nodes have names already: sim001, ….')
      const manager = await context.labManager()
      const { progress: onProgress } = context.terminal
      const lab =
        simulated === undefined
          ? await manager.addNode(name, node, { onProgress })
          : await manager.addSimulatedNodes(name, simulated, { onProgress })
      for (const line of formatLab(lab)) context.terminal.print(line)
    })
  const add = (verb: string, description: string, action: NodeAction): void => {
    withLab(group.command(verb).argument('<node>', 'the node', nodeArgument))
      .description(description)
      .action(async (node: string, options: LabOption) => {
        context.terminal.print(await action(await context.labManager(), options.lab, node))
      })
  }
  addRemove(group, context)
  addRename(group)
  addNodeSettingsCommand(group, context)
  const start: NodeAction = async (manager, lab, node) => {
    await manager.startNode({ lab, node })
    return `${node} runs; its kubelet starts the pods of its manifest folder.`
  }
  add('start', 'start a node that was stopped', start)
  add('stop', 'shut a node down: its pods end with it', async (manager, lab, node) => {
    await manager.stopNode({ lab, node })
    return `${node} is off, and so are its pods.`
  })
  add('power-on', 'the same as start, after a power-off', start)
  add('power-off', 'pull the plug (docker kill): node and pods die at once', async (manager, lab, node) => {
    await manager.powerOffNode({ lab, node })
    return `${node} is without power: its pods have died with it. node-lab node power-on ${node} --lab ${lab} brings it back.`
  })
  add('restart-kubelet', 'systemctl restart kubelet: pods go on running', async (manager, lab, node) => {
    await manager.restartKubelet({ lab, node })
    return `The kubelet of ${node} was restarted.`
  })
  add(
    'stop-kubelet',
    'systemctl stop kubelet: pods run on, and nobody restarts what crashes',
    async (manager, lab, node) => {
      await manager.stopKubelet({ lab, node })
      return `The kubelet of ${node} is stopped. Its containers run on; nobody restarts what crashes, and the folder is not read.`
    },
  )
  add('start-kubelet', 'systemctl start kubelet', async (manager, lab, node) => {
    await manager.startKubelet({ lab, node })
    return `The kubelet of ${node} was started: it takes over what runs, and makes up for what it has missed.`
  })
  add('cordon', 'no new pods by the kube-scheduler, as kubectl cordon', async (manager, lab, node) => {
    await manager.setSchedulable({ lab, node }, false)
    return `The kube-scheduler gives ${node} no new pods. Those that are there stay; static pods never asked it.`
  })
  add('uncordon', 'take new pods again', async (manager, lab, node) => {
    await manager.setSchedulable({ lab, node }, true)
    return `The kube-scheduler may give ${node} pods again.`
  })
  addDrain(group, context)
  addShell(program, context)
}

function addRemove(group: Command, context: CommandContext): void {
  withLab(group.command('remove').argument('[node]', 'the node', nodeArgument))
    .description('remove a node with its pods and its manifest folder')
    .option('--simulated', 'all simulated nodes')
    .action(async (node: string | undefined, { lab, simulated }: LabOption & { simulated?: boolean }) => {
      if ((node === undefined) !== (simulated === true))
        throw new UsageError('Say which node, or --simulated for all of those.')
      const manager = await context.labManager()
      if (node === undefined) await manager.removeSimulatedNodes(lab, { onProgress: context.terminal.progress })
      else await manager.removeNode({ lab, node })
      context.terminal.print(node === undefined ? 'The simulated nodes are gone.' : `${node} is gone.`)
    })
}

/** There, so that whoever looks for it is told why it is not. */
function addRename(group: Command): void {
  withLab(group.command('rename').argument('<node>', 'the node').argument('<name>', 'the name'))
    .description('refused, with the reason: a node’s name is its identity')
    .action((node: string, name: string, { lab }: LabOption) => {
      throw new LabError({
        kind: 'Conflict',
        message:
          `a node cannot be renamed, here as in any cluster: "${node}" is what its kubelet is known by. The names of its static pods, ` +
          'its Node object, its certificate and its lease are made of it',
        remedy:
          `Add a node with that name, copy the manifests, and remove the old one: node-lab node add ${name} --lab ${lab}; ` +
          `cp "$(node-lab manifests ${node} --lab ${lab})"/* "$(node-lab manifests ${name} --lab ${lab})"; node-lab node remove ${node} --lab ${lab}`,
      })
    })
}

function addDrain(group: Command, context: CommandContext): void {
  withLab(group.command('drain').argument('<node>', 'the node', nodeArgument))
    .description(
      'cordon it and have its pods evicted, as kubectl drain --ignore-daemonsets --force --delete-emptydir-data',
    )
    .action(async (node: string, { lab }: LabOption) => {
      const manager = await context.labManager()
      const options = { onProgress: context.terminal.progress, signal: context.signal }
      const outcome = await manager.drainNode({ lab, node }, options)
      for (const line of formatDrain(node, outcome)) context.terminal.print(line)
      if (outcome.blocked.length > 0) context.exitWith(1)
    })
}

function formatDrain(node: string, { evicted, blocked, daemonSetPods, mirrorPods }: DrainOutcome): string[] {
  return [
    ...evicted.map((pod) => `evicted: ${pod}`),
    ...daemonSetPods.map((pod) => `stays, its DaemonSet would make it again: ${pod}`),
    ...mirrorPods.map((pod) => `stays, a static pod runs as long as its file is there: ${pod}`),
    ...blocked.map(({ pod, message }) => `not evicted: ${pod}: ${message}`),
    blocked.length === 0
      ? `${node} is drained, and takes no new pods. It takes them again after: node-lab node uncordon ${node}`
      : `${node} takes no new pods, but is not drained: what the API server refused was respected. Drain it again when it is allowed.`,
  ].map(printable)
}

function addShell(program: Command, context: CommandContext): void {
  withLab(program.command('shell').argument('<node>', 'the node', nodeArgument).argument('[command...]', 'a command'))
    .description('a shell on a node, or one command')
    // Options of the command need no `--` before them, as with ssh; what stands in place of a command is a mistake.
    .allowUnknownOption()
    .action(async (node: string, command: string[], options: LabOption) => {
      const [first] = command
      if (first?.startsWith('-') === true) throw new UsageError(`unknown option '${first}'`)
      const manager = await context.labManager()
      const interactive = command.length === 0
      const streams = processStreams({ tty: interactive, stdin: true })
      try {
        const exitCode = await manager.shell(
          { lab: options.lab, node },
          { ...streams.options, command: interactive ? ['bash', '-l'] : command, signal: context.signal },
        )
        context.exitWith(exitCode)
      } finally {
        streams.dispose()
      }
    })
}
