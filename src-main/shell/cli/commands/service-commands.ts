/** `serve` and `doctor`. */
import type { Command } from 'commander'
import { formatReport } from '../../../common/doctor/doctor-report.ts'
import { portArgument } from '../arguments.ts'
import type { CommandContext } from '../context.ts'
import { EXIT_FAILED, EXIT_NO_ENGINE } from '../exit-codes.ts'

export function addServiceCommands(program: Command, context: CommandContext): void {
  program
    .command('serve')
    .description('the app in a browser, on 127.0.0.1, until Ctrl-C')
    .option('--port <port>', 'this port (default: 7474, or a free one)', portArgument)
    .action((options: { port?: number }) => serve(context, options.port))
  program
    .command('doctor')
    .description(
      'what is wrong with this machine, its engine, images and labs, what it means, and the command that mends it',
    )
    .option('--json', 'print it as JSON')
    .action((options: { json?: boolean }) => doctor(context, options.json === true))
  program
    .command('engine')
    .description('the engine that Node Lab made for this machine')
    .command('stop')
    .description('end it, with all containers that it runs; they are back when it is started again')
    .action(() => stopEngine(context))
}

async function stopEngine({ terminal, clock }: CommandContext): Promise<void> {
  const { stopOwnEngine } = await import('../../../lab/engine/own-engine.ts')
  const wasRunning = await stopOwnEngine({ clock })
  terminal.print(wasRunning ? 'The engine has ended.' : 'Node Lab runs no engine of its own on this machine.')
}

async function serve(context: CommandContext, port: number | undefined): Promise<void> {
  const { terminal, signal } = context
  const labManager = await context.labManager()
  const { serveCommand } = await import('../../browser/serve-command.ts')
  const server = await serveCommand({
    labManager,
    ...(port !== undefined && { port }),
    onReady: ({ url }) => terminal.print(`${url}\nCtrl-C ends this server; the labs go on.`),
  })
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
  await server.dispose()
}

async function doctor(context: CommandContext, json: boolean): Promise<void> {
  const { terminal } = context
  const { runDoctor } = await import('../../../lab/doctor/run-doctor.ts')
  const checks = await runDoctor({ onProgress: terminal.progress })
  if (json) terminal.print(JSON.stringify(checks, undefined, 2))
  else for (const line of formatReport({ checks })) terminal.print(line)
  const failed = checks.filter((check) => !check.ok)
  if (failed.length > 0) context.exitWith(failed.some(({ id }) => id === 'engine') ? EXIT_NO_ENGINE : EXIT_FAILED)
}
