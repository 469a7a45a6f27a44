/** `control-plane show|set`: who gives pods of DaemonSets their nodes in a lab. */
import type { Command } from 'commander'
import type { ControlPlaneChange } from '../../../common/ipc/calls.ts'
import { readScheduleDaemonSetPods, SCHEDULE_DAEMON_SET_PODS } from '../../../common/lab/daemon-set-scheduling.ts'
import { LabError } from '../../../common/lab-error.ts'
import { booleanArgument } from '../arguments.ts'
import { requireApiServer } from '../api-server.ts'
import type { CommandContext } from '../context.ts'
import { withLab, type LabOption } from './lab-option.ts'

const COMPONENT = 'kube-controller-manager'
const FILE = `${COMPONENT}.yaml`

export function addControlPlaneCommands(program: Command, context: CommandContext): void {
  const group = program.command('control-plane').description("settings of a lab's control plane")
  withLab(group.command('show'))
    .description(`who gives pods of DaemonSets their nodes, as the ${COMPONENT} that runs was told`)
    .action(({ lab }: LabOption) => show(context, lab))
  withSchedulingOption(withLab(group.command('set')), true)
    .description(`change it: written into ${FILE}, and kept with the lab`)
    .action(async ({ lab, scheduleDaemonsetPods: isOn }: LabOption & { scheduleDaemonsetPods: boolean }) => {
      const change = await (await context.labManager()).setScheduling(lab, isOn)
      for (const line of describeChange(change, isOn)) context.terminal.print(line)
    })
}

/** Adds `--schedule-daemonset-pods=true|false`. */
export function withSchedulingOption(command: Command, isMandatory = false): Command {
  const option = command
    .createOption(
      '--schedule-daemonset-pods <true|false>',
      'who gives pods of DaemonSets their nodes: the kube-scheduler (true, as since Kubernetes 1.12), or their controller (false, as courses tell)',
    )
    .argParser(booleanArgument)
  return command.addOption(isMandatory ? option.makeOptionMandatory() : option)
}

async function show(context: CommandContext, lab: string): Promise<void> {
  const { node } = await requireApiServer(context, lab)
  const pods = await (await context.labManager()).pods(lab, node)
  const pod = pods.find(({ metadata }) => metadata.name === `${COMPONENT}-${node}`)
  const [container] = pod?.spec.containers ?? []
  if (container === undefined)
    throw new LabError({
      kind: 'NotFound',
      message: `no ${COMPONENT} runs on ${node}, so nobody makes pods of DaemonSets`,
      remedy: `See whether ${FILE} is in the folder: node-lab files ${node} --lab ${lab}`,
    })
  const isOn = readScheduleDaemonSetPods([...(container.command ?? []), ...(container.args ?? [])])
  context.terminal.print(`${SCHEDULE_DAEMON_SET_PODS}=${isOn} (${COMPONENT} on ${node})`)
  context.terminal.print(describeScheduling(isOn))
}

function describeChange({ manifest }: ControlPlaneChange, isOn: boolean): string[] {
  switch (manifest) {
    case 'written':
      return [
        describeScheduling(isOn),
        `${FILE} says so now: the kubelet starts the ${COMPONENT} anew. Pods that are there stay as they are.`,
      ]
    case 'unchanged':
      return [describeScheduling(isOn), `${FILE} said so already.`]
    case 'missing':
      return [`${FILE} is not in its folder, so nothing runs that could be told. One that is written anew will say so.`]
  }
}

/** Both meanings of "ignored by the kube-scheduler" (facts 6.3). */
function describeScheduling(isOn: boolean): string {
  return isOn
    ? 'The kube-scheduler binds pods of DaemonSets: each has a node affinity for its one node, and waits where it does not fit.'
    : 'The DaemonSet controller binds its pods itself, and the kube-scheduler never handles them: as up to Kubernetes 1.11.'
}
