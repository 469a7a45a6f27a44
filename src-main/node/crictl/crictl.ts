/** `crictl`: what a person on a node uses to look below the kubelet, over a CRI client. */
import { KUBERNETES_VERSION } from '../../common/kubernetes-version.ts'
import { CriError } from '../../container-runtime/cri.ts'
import { computeSettings, readConfiguration, type ClientConfiguration, type ClientSettings } from './client-settings.ts'
import { parseFlags, UsageError, type FlagValues } from './flags.ts'
import { formatProgramHelp, formatVerbHelp, HELP_FLAG } from './help.ts'
import { formatLogLine, type LogLevel } from './log-line.ts'
import { CrictlError, describeError, type CriConnection, type CrictlContext, type Verb } from './verb.ts'
import { GLOBAL_FLAGS, VERBS } from './verbs.ts'

export type { CrictlContext } from './verb.ts'

const EXIT_FAILED = 1
/** As cri-tools' command-line library ends for a verb that is not there. */
const EXIT_UNKNOWN_VERB = 3
const VERSION_FLAG = { name: 'version', aliases: ['v'], kind: 'switch' as const, usage: 'Print the version' }

/** Runs one command line; resolves with the exit code. */
export async function runCrictl(argv: readonly string[], context: CrictlContext): Promise<number> {
  const startedMs = context.clock.now()
  let isDebug = false
  const log = (level: LogLevel, message: string): void => {
    if (level === 'debug' && !isDebug) return
    const nowMs = context.clock.now()
    const options = { isTerminal: context.isErrorTerminal, nowMs, elapsedSeconds: (nowMs - startedMs) / 1000 }
    context.stderr(formatLogLine(level, message, options))
  }
  try {
    const globals = [...GLOBAL_FLAGS, HELP_FLAG, VERSION_FLAG]
    const { values, operands } = parseOrExplain(context, globals, argv, programHelp)
    const [word, ...words] = operands
    const isHelp = values.isOn('help') || word === undefined || word === 'help' || word === 'h'
    if (values.isOn('version')) return print(context, `crictl version ${KUBERNETES_VERSION}\n`)
    if (isHelp && (words[0] === undefined || word === undefined)) return print(context, programHelp())
    const name = isHelp ? words[0] : word
    const verb = VERBS.find((known) => known.name === name || known.aliases?.includes(name ?? ''))
    if (verb === undefined) {
      context.stderr(`No help topic for '${name ?? ''}'\n`)
      return EXIT_UNKNOWN_VERB
    }
    if (isHelp) return print(context, formatVerbHelp(verb))
    const configuration = readSharedConfiguration(values)
    isDebug = values.isOn('debug') || configuration?.debug === true
    return await runVerb(context, verb, words, { values, configuration, log })
  } catch (error) {
    log('fatal', describeError(error))
    return EXIT_FAILED
  }
}

interface Surroundings {
  /** Of the flags before the verb. */
  values: FlagValues
  configuration: ClientConfiguration | undefined
  log(level: LogLevel, message: string): void
}

async function runVerb(
  context: CrictlContext,
  verb: Verb,
  words: readonly string[],
  { values, configuration, log }: Surroundings,
): Promise<number> {
  const help = (): string => formatVerbHelp(verb)
  const { values: flags, operands } = parseOrExplain(context, [...verb.flags, HELP_FLAG], words, help)
  if (flags.isOn('help')) return print(context, help())
  const configurationFile = values.text('config')
  const connection = connectWhenUsed(() => {
    const settings = computeSettings(values, configuration, (message) => log('warning', message))
    log(
      'debug',
      `Connect using endpoint ${JSON.stringify(settings.runtimeEndpoint)} with "${settings.timeoutMs / 1000}s" timeout`,
    )
    return { settings, connection: context.connect(settings) }
  })
  try {
    const invocation = { ...context, flags, operands, configurationFile, log }
    // Getters, so that verbs that need no runtime connect to none.
    const outcome = await verb.run(
      Object.defineProperties(invocation, connection.properties) as typeof invocation & CriConnection,
    )
    if (outcome === 'help') return print(context, help())
    return outcome === 'done' ? 0 : outcome
  } catch (error) {
    throw connection.explain(error)
  }
}

function connectWhenUsed(connect: () => { settings: ClientSettings; connection: CriConnection }): {
  properties: PropertyDescriptorMap
  explain(error: unknown): unknown
} {
  let made: ReturnType<typeof connect> | undefined
  const get = (): CriConnection => (made ??= connect()).connection
  return {
    properties: { runtime: { get: () => get().runtime }, images: { get: () => get().images } },
    explain(error) {
      const cause = rootCause(error)
      if (made === undefined || !(cause instanceof CriError) || cause.code !== 'Unavailable') return error
      const endpoint = JSON.stringify(made.settings.runtimeEndpoint)
      return new CrictlError(
        `validate service connection: validate CRI v1 runtime API for endpoint ${endpoint}`,
        inDialWords(cause),
      )
    },
  }
}

const DIAL_ERRORS: Record<string, string> = {
  ENOENT: 'no such file or directory',
  ECONNREFUSED: 'connection refused',
  EACCES: 'permission denied',
}

/** What Go's client says of a socket that nobody answers on. */
function inDialWords(error: CriError): CriError {
  const [, code = '', socket = ''] = /connect (E[A-Z]+) (\S+?)\.?(\s|$)/.exec(error.message) ?? []
  const reason = DIAL_ERRORS[code]
  if (reason === undefined) return error
  const words = `transport: Error while dialing: dial unix ${socket}: connect: ${reason}`
  return new CriError('Unavailable', `connection error: desc = ${JSON.stringify(words)}`, { cause: error })
}

function rootCause(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined && !(error instanceof CriError)
    ? rootCause(error.cause)
    : error
}

/** A file that was asked for has to be readable; the usual one may be missing. */
function readSharedConfiguration(values: FlagValues): ClientConfiguration | undefined {
  const file = values.text('config')
  const configuration = readConfiguration(file)
  if (configuration === undefined && values.isGiven('config'))
    throw new CrictlError(`load config file: stat ${file}: no such file or directory`)
  return configuration
}

function programHelp(): string {
  return formatProgramHelp(KUBERNETES_VERSION, VERBS, [...GLOBAL_FLAGS, HELP_FLAG, VERSION_FLAG])
}

/** Wrong usage is told with the help. @throws UsageError */
function parseOrExplain(
  context: CrictlContext,
  flags: Parameters<typeof parseFlags>[0],
  words: readonly string[],
  help: () => string,
): ReturnType<typeof parseFlags> {
  try {
    return parseFlags(flags, words, context.environment)
  } catch (error) {
    if (error instanceof UsageError) context.stdout(`Incorrect Usage: ${error.message}\n\n${help()}\n`)
    throw error
  }
}

function print({ stdout }: CrictlContext, text: string): number {
  stdout(text)
  return 0
}
