/** The command line as a tree of commands. */
import { Command } from 'commander'
import { appVersion } from '../app/app-version.ts'
import { addClusterCommands } from './commands/cluster-commands.ts'
import { addComponentCommands } from './commands/component-commands.ts'
import { addControlPlaneCommands } from './commands/control-plane-commands.ts'
import { addExperimentCommands } from './commands/experiment-commands.ts'
import { addImageCommands } from './commands/image-commands.ts'
import { addLabCommands } from './commands/lab-commands.ts'
import { addHistoryCommands } from './commands/history-commands.ts'
import { addManifestCommands } from './commands/manifest-commands.ts'
import { addNodeCommands } from './commands/node-commands.ts'
import { addPodCommands } from './commands/pod-commands.ts'
import { addSampleCommands } from './commands/sample-commands.ts'
import { addServiceCommands } from './commands/service-commands.ts'
import { addSettingsCommands } from './commands/settings-commands.ts'
import { addSupportCommands } from './commands/support-commands.ts'
import { addTransferCommands } from './commands/transfer-commands.ts'
import type { CommandContext } from './context.ts'

const EPILOGUE = `
Examples:
  node-lab up --nodes 2                      a lab with two nodes
  node-lab apply web.yaml node01             drop a manifest onto a node
  node-lab pods --watch                      what the kubelets say
  node-lab crash web-node01                  kill a container and see it come back
  node-lab timeline web-node01               what happened to it
  node-lab delete                            remove the lab and all that it made

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no engine (or something else that cannot be set up here),
4 an experiment went against the expectation.`

/** Failures reject with `CommanderError`, `UsageError` or `LabError`; nothing in here ends the process. */
export function createProgram(context: CommandContext): Command {
  const program = new Command('node-lab')
    .version(appVersion(), '--version', 'print the version of Node Lab')
    .description('Learn, teach and test what the Kubernetes kubelet does by itself.')
    .addHelpText('after', EPILOGUE)
    .showHelpAfterError('(node-lab --help lists the commands)')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, '')) })
  addLabCommands(program, context)
  addTransferCommands(program, context)
  addNodeCommands(program, context)
  addManifestCommands(program, context)
  addHistoryCommands(program, context)
  addPodCommands(program, context)
  addClusterCommands(program, context)
  addControlPlaneCommands(program, context)
  addComponentCommands(program, context)
  addExperimentCommands(program, context)
  addSampleCommands(program, context)
  addServiceCommands(program, context)
  addImageCommands(program, context)
  addSettingsCommands(program, context)
  addSupportCommands(program, context)
  for (const command of program.commands) inheritSettings(command, program)
  return program
}

/** Commander hands settings on only to commands that are made by `command()` after they were set; ours are, but nested ones too. */
function inheritSettings(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent)
  for (const child of command.commands) inheritSettings(child, command)
}
