/** What a verb of `crictl` is, and what it runs with. */
import type { Clock } from '../../base/clock.ts'
import type { ImageService, RuntimeService } from '../../container-runtime/cri.ts'
import type { ClientSettings } from './client-settings.ts'
import type { Flag, FlagValues } from './flags.ts'
import type { LogLevel } from './log-line.ts'
import type { PortForwardContext } from './port-forward.ts'
import type { StreamContext } from './streams.ts'

export interface CriConnection {
  runtime: RuntimeService
  images: ImageService
}

export interface CrictlContext
  extends Pick<StreamContext, 'terminal' | 'runRemoteCommand'>, Pick<PortForwardContext, 'forwardPort'> {
  connect(settings: ClientSettings): CriConnection
  environment: Readonly<Record<string, string | undefined>>
  clock: Clock
  stdout(text: string | Uint8Array): void
  stderr(text: string | Uint8Array): void
  /** Whether `stderr` is a terminal: messages are coloured there, and records of keys and values elsewhere. */
  isErrorTerminal: boolean
  signal: AbortSignal
}

export interface Invocation extends CrictlContext, CriConnection {
  flags: FlagValues
  operands: string[]
  /** Path of the configuration file, whether it is there or not. */
  configurationFile: string
  log(level: LogLevel, message: string): void
}

/** `help`: the verb's help is shown, as cri-tools does for operands that are missing or too many. A number: the exit code. */
export type Outcome = 'done' | 'help' | number

export interface Verb {
  name: string
  aliases?: string[]
  usage: string
  /** How the operands are shown in the help. */
  operands?: string
  /** Further paragraphs of the help. */
  description?: string
  flags: Flag[]
  run(invocation: Invocation): Promise<Outcome>
}

/** A failure in words for the user that says where it came from; `cause` is printed behind it. */
export class CrictlError extends Error {
  constructor(message: string, cause?: unknown) {
    super(cause === undefined ? message : `${message}: ${describeError(cause)}`, { cause })
  }
}

export function describeError(error: unknown): string {
  if (error instanceof Error) return 'rpcMessage' in error ? String(error.rpcMessage) : error.message
  return String(error)
}

/** Runs a call; what it fails with is said behind `words`. @throws CrictlError */
export async function during<T>(words: string, call: Promise<T> | (() => Promise<T>)): Promise<T> {
  try {
    return await (typeof call === 'function' ? call() : call)
  } catch (error) {
    throw new CrictlError(words, error)
  }
}
