/** `component list|stop|start`: static pods of the control plane, by moving their manifests out of the folder and back. */
import type { Command } from 'commander'
import type { ComponentState } from '../../../common/lab/control-plane-components.ts'
import { componentArgument } from '../arguments.ts'
import type { CommandContext } from '../context.ts'
import { formatTable } from '../output.ts'
import { withLab, type LabOption } from './lab-option.ts'

const STATE_WORDS: Readonly<Record<ComponentState, string>> = {
  placed: 'in its folder',
  aside: 'stopped',
  missing: 'gone',
}

export function addComponentCommands(program: Command, context: CommandContext): void {
  const group = program.command('component').description('stop and start a component of the control plane')
  withLab(group.command('list'))
    .description('where the manifest of each component is')
    .action(async ({ lab }: LabOption) => {
      const components = await (await context.labManager()).components(lab)
      const rows = components.map(({ component, state, path }) => [component, STATE_WORDS[state], path])
      for (const line of formatTable(['COMPONENT', 'MANIFEST', 'PATH'], rows)) context.terminal.print(line)
    })
  withLab(group.command('stop').argument('<name>', 'such as kube-scheduler', componentArgument))
    .description('move its manifest out of the folder: the kubelet ends the static pod')
    .action(async (name: string, { lab }: LabOption) => {
      const manager = await context.labManager()
      await manager.stopComponent(lab, name)
      const path = (await manager.components(lab)).find(({ component }) => component === name)?.path ?? ''
      context.terminal.print(`${name} is being stopped. Its manifest is kept in ${path}`)
      context.terminal.print(`Put it back with: node-lab component start ${name} --lab ${lab}`)
    })
  withLab(group.command('start').argument('<name>', 'such as kube-scheduler', componentArgument))
    .description('put its manifest back: the kubelet starts the static pod')
    .action(async (name: string, { lab }: LabOption) => {
      await (await context.labManager()).startComponent(lab, name)
      context.terminal.print(`The manifest of ${name} is back in its folder; the kubelet starts it.`)
    })
}
