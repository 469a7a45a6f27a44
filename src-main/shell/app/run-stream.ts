/** What each stream of the IPC contract gives. */
import type { Clock } from '../../base/clock.ts'
import type { IpcStreams } from '../../common/ipc/streams.ts'
import { validateStream } from '../../common/ipc/validate-call.ts'
import { toLabErrorData, type LabErrorData } from '../../common/lab-error.ts'
import type { LabManager } from '../../lab/lab-manager.ts'
import type { AppStreamHandlers } from './app-backend.ts'
import { pumpText, STREAM_BATCHING } from './pump-text.ts'
import type { TerminalSessions } from './terminals/terminal-sessions.ts'

export interface StreamSources {
  labManager: LabManager
  terminals: TerminalSessions
  clock: Clock
}

/** Resolves with the error that ended the stream, or with nothing at its normal end. */
export async function runStream(
  sources: StreamSources,
  name: unknown,
  parameters: unknown,
  handlers: AppStreamHandlers,
  signal: AbortSignal,
): Promise<LabErrorData | undefined> {
  try {
    const request = validateStream(name, parameters)
    switch (request.name) {
      case 'pod/logs':
        await followLog(sources, request.parameters, handlers, signal)
        break
      case 'terminal/output':
        for await (const chunk of sources.terminals.output(request.parameters, signal)) {
          if (signal.aborted) break
          await handlers.onChunk(chunk)
        }
        break
    }
    return undefined
  } catch (error) {
    return toLabErrorData(error)
  }
}

async function followLog(
  { labManager, clock }: StreamSources,
  { previous, tailLines, timestamps, ...target }: IpcStreams['pod/logs']['parameters'],
  handlers: AppStreamHandlers,
  signal: AbortSignal,
): Promise<void> {
  const text = labManager.logs(target, {
    // The log of the instance before has an end; following it would wait for ever.
    follow: previous !== true,
    signal,
    ...(previous !== undefined && { previous }),
    ...(tailLines !== undefined && { tailLines }),
    ...(timestamps !== undefined && { timestamps }),
  })
  const emit = (chunk: string): void | Promise<void> => {
    if (!signal.aborted) return handlers.onChunk(chunk)
  }
  await pumpText(text, emit, { clock, ...STREAM_BATCHING })
}
