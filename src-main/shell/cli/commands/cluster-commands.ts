/** `kubectl` and `kubeconfig`: the lab's API server from this machine. */
import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { constants } from 'node:os'
import { existsSync } from 'node:fs'
import { connect } from 'node:tls'
import type { Command } from 'commander'
import { LabError } from '../../../common/lab-error.ts'
import { requireApiServer } from '../api-server.ts'
import type { CommandContext } from '../context.ts'
import { processStreams } from '../process-streams.ts'
import { withLab, type LabOption } from './lab-option.ts'

/** A server that takes longer is slow, not away. */
const PROBE_MS = 5000

/** Of the administrator, on the control plane's node. */
const NODE_KUBECONFIG = '/etc/kubernetes/admin.conf'

export function addClusterCommands(program: Command, context: CommandContext): void {
  withLab(program.command('kubeconfig'))
    .description("print the path of the lab's kubeconfig: export KUBECONFIG=$(node-lab kubeconfig)")
    .action(async ({ lab }: LabOption) => context.terminal.print((await requireApiServer(context, lab)).kubeconfig))
  withLab(program.command('kubectl').argument('[arguments...]', "kubectl's own"))
    .description('kubectl against the lab: the one on PATH, else that of the control plane (--lab comes first)')
    .passThroughOptions()
    .allowUnknownOption()
    .helpOption(false)
    .action((words: string[], options: LabOption) => kubectl(context, words, options))
}

async function kubectl(context: CommandContext, words: string[], { lab }: LabOption): Promise<void> {
  const apiServer = await requireApiServer(context, lab)
  if (await isRefused(new URL(apiServer.endpoint))) {
    throw new LabError({
      kind: 'Conflict',
      message: `The connection to the server ${new URL(apiServer.endpoint).host} was refused: no API server runs on ${apiServer.node}`,
      remedy: `See its containers with: node-lab shell ${apiServer.node} --lab ${lab} -- crictl ps -a`,
    })
  }
  const program = findOnPath('kubectl')
  context.exitWith(
    program === undefined
      ? await runOnControlPlane(context, lab, apiServer.node, words)
      : await runHere(program, words, apiServer.kubeconfig),
  )
}

/**
 * Engines publish a port by a proxy that takes every connection and drops it when nothing listens behind; kubectl would try
 * again for a minute, where a real server's port says at once that it is closed.
 */
function isRefused({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false, timeout: PROBE_MS })
    const end = (refused: boolean) => (): void => {
      socket.destroy()
      resolve(refused)
    }
    socket.once('secureConnect', end(false))
    socket.once('timeout', end(false))
    socket.once('error', end(true))
    socket.once('close', end(true))
  })
}

/** The terminal is kubectl's own while it runs: it gets the signals, too. */
function runHere(program: string, words: string[], kubeconfig: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: 'inherit', env: { ...process.env, KUBECONFIG: kubeconfig } })
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
  })
}

async function runOnControlPlane(context: CommandContext, lab: string, node: string, words: string[]): Promise<number> {
  context.terminal.note(`There is no kubectl on PATH: that of ${node} is used, and files are those of ${node}.`)
  const streams = processStreams({ tty: true, stdin: true })
  try {
    const command = ['env', `KUBECONFIG=${NODE_KUBECONFIG}`, 'kubectl', ...words]
    const manager = await context.labManager()
    return await manager.shell({ lab, node }, { ...streams.options, command, signal: context.signal })
  } finally {
    streams.dispose()
  }
}

function findOnPath(name: string): string | undefined {
  const names = process.platform === 'win32' ? [`${name}.exe`] : [name]
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.flatMap((folder) => names.map((file) => join(folder, file))).find((file) => existsSync(file))
}
