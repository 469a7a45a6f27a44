/** `crictl exec` and `crictl attach`: this terminal joined to a process in a container. */
import { toDisposable, type Disposable } from '../../base/disposable.ts'
import type { RuntimeService } from '../../container-runtime/cri.ts'
import type { RemoteCommandStreams } from '../../container-runtime/streaming/remote-command.ts'

/** What the person sits at. */
export interface Terminal {
  /** Begins to be read when it is iterated. */
  readonly input: AsyncIterable<Uint8Array>
  readonly isTerminal: boolean
  /** Every key goes through as it is, until disposed. */
  makeRaw(): Disposable
  watchSize: NonNullable<RemoteCommandStreams['watchSize']>
}

export interface StreamContext {
  terminal: Terminal
  runRemoteCommand(url: string, streams: RemoteCommandStreams): Promise<number>
  stdout(text: Uint8Array): void
  stderr(text: Uint8Array): void
  signal: AbortSignal
}

/**
 * Without a command, the container's main process is joined. Resolves with the exit code of the command; with 0 when an
 * attached container has ended.
 */
export async function joinContainer(
  context: StreamContext,
  runtime: RuntimeService,
  options: { containerId: string; tty: boolean; interactive: boolean; command: string[] | undefined },
): Promise<number> {
  const { containerId, tty, interactive, command } = options
  const request = { containerId, tty, stdin: interactive, stdout: true, stderr: !tty }
  const url = command === undefined ? await runtime.attach(request) : await runtime.exec({ ...request, cmd: command })
  const { terminal, stdout, stderr, signal } = context
  const isRaw = tty && interactive && terminal.isTerminal
  const raw = isRaw ? terminal.makeRaw() : toDisposable(() => undefined)
  try {
    return await context.runRemoteCommand(url, {
      ...(interactive ? { stdin: terminal.input } : {}),
      ...(tty && terminal.isTerminal ? { watchSize: terminal.watchSize.bind(terminal) } : {}),
      ...{ stdout, stderr, signal },
    })
  } finally {
    await raw.dispose()
  }
}
