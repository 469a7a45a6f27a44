/** Runs a command in a container and collects what it says. */
import { randomUUID } from 'node:crypto'
import { delay } from '../../base/clock.ts'
import type { Clock } from '../../base/clock.ts'
import { CriError } from '../cri.ts'
import type { ExecSyncResponse } from '../cri.ts'
import { endMarkedCommand, markOf } from './end-command.ts'
import { toCriError } from './engine-client.ts'
import type { EngineClient } from './engine-client.ts'
import { FrameSplitter } from './engine-output.ts'

/** cri-api's limit for each stream; what is beyond is dropped and the command goes on. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024

/** Keeps the engine's output of a command, each stream up to a limit. */
export class OutputCollector {
  readonly #limit: number
  readonly #chunks: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] }
  readonly #sizes = { stdout: 0, stderr: 0 }
  readonly #splitter = new FrameSplitter()

  constructor(limit = MAX_OUTPUT_BYTES) {
    this.#limit = limit
  }

  push(chunk: Buffer): void {
    for (const { stream, data } of this.#splitter.push(chunk)) this.#add(stream, data)
  }

  #add(stream: 'stdout' | 'stderr', content: Buffer): void {
    const kept = content.subarray(0, this.#limit - this.#sizes[stream])
    this.#sizes[stream] += kept.length
    if (kept.length > 0) this.#chunks[stream].push(Buffer.from(kept))
  }

  result(): { stdout: Uint8Array; stderr: Uint8Array } {
    return { stdout: Buffer.concat(this.#chunks.stdout), stderr: Buffer.concat(this.#chunks.stderr) }
  }
}

/** The exit code is there a moment after the output's end. */
const EXIT_CODE_WAITS_MS = [0, 10, 50, 200, 500, 1000, 2000]

/**
 * @param user `image`: the one of the image; `root`: user and group 0, with no more rights than the container has.
 * @param timeoutSeconds 0: no limit. A command that outlives it is killed, where its container has a shell to do it with.
 * @throws CriError DeadlineExceeded, Unknown when the command could not be started
 */
export async function execSync(
  engine: EngineClient,
  clock: Clock,
  containerId: string,
  command: readonly string[],
  timeoutSeconds: number,
  user: 'image' | 'root' = 'image',
): Promise<ExecSyncResponse> {
  const abort = new AbortController()
  const timer =
    timeoutSeconds > 0 ? clock.setTimer(timeoutSeconds * 1000, () => abort.abort()) : { cancel: () => undefined }
  const mark = markOf(randomUUID())
  try {
    const { Id: execId } = await engine.json<{ Id: string }>(`/containers/${containerId}/exec`, {
      method: 'POST',
      body: {
        AttachStdout: true,
        AttachStderr: true,
        Cmd: command,
        ...(timeoutSeconds > 0 ? { Env: [mark] } : {}),
        ...(user === 'root' ? { User: '0:0' } : {}),
      },
      signal: abort.signal,
    })
    const stream = await engine.stream(`/exec/${execId}/start`, {
      method: 'POST',
      body: { Detach: false, Tty: false },
      signal: abort.signal,
    })
    const output = new OutputCollector()
    for await (const chunk of stream) output.push(chunk as Buffer)
    const result = { ...output.result(), exitCode: await readExecExitCode(engine, clock, execId, abort.signal) }
    const failure = findStartFailure(result)
    if (failure !== undefined) throw new CriError('Unknown', `failed to exec in container: ${failure}`)
    return result
  } catch (error) {
    if (abort.signal.aborted) {
      const cause = await endInTime(engine, clock, containerId, mark)
      const message = `command "${command.join(' ')}" timed out after ${timeoutSeconds}s`
      throw new CriError('DeadlineExceeded', message, cause === undefined ? {} : { cause })
    }
    throw toCriError(error)
  } finally {
    timer.cancel()
  }
}

/**
 * Why a command could not be started at all; `undefined` when it ran. The engine tells it in place of the command's
 * output, with a shell's exit codes for it.
 */
export function findStartFailure({ stdout, stderr, exitCode }: ExecSyncResponse): string | undefined {
  if ((exitCode !== 126 && exitCode !== 127) || stderr.length > 0) return undefined
  const words = Buffer.from(stdout).toString('utf8').trim()
  return words.startsWith('OCI runtime exec failed: ') ? words : undefined
}

/** A busy engine must not keep the answer back for long. */
const END_LIMIT_MS = 5000

/** Why the command could not be ended; `undefined` when it was. */
async function endInTime(engine: EngineClient, clock: Clock, containerId: string, mark: string): Promise<unknown> {
  const abort = new AbortController()
  const timer = clock.setTimer(END_LIMIT_MS, () => abort.abort())
  try {
    await endMarkedCommand(engine, containerId, mark, abort.signal)
    return undefined
  } catch (error) {
    return error
  } finally {
    timer.cancel()
  }
}

/** Of an exec whose output has ended. @throws CriError Unknown */
export async function readExecExitCode(
  engine: EngineClient,
  clock: Clock,
  execId: string,
  signal?: AbortSignal,
): Promise<number> {
  for (const waitMs of EXIT_CODE_WAITS_MS) {
    if (waitMs > 0) await delay(clock, waitMs, signal)
    const state = await engine.json<{ Running: boolean; ExitCode: number | null }>(
      `/exec/${execId}/json`,
      signal === undefined ? {} : { signal },
    )
    if (!state.Running && state.ExitCode !== null) return state.ExitCode
  }
  throw new CriError('Unknown', 'the engine did not say how the command ended')
}
