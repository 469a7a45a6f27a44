/** The words of a `crictl` command, in cri-tools' spelling. */

export interface CrictlCommand {
  verb: CrictlVerb
  /** What is not an option: ids, and for `exec` the command. */
  operands: string[]
  all: boolean
  quiet: boolean
  follow: boolean
  timestamps: boolean
  tty: boolean
  interactive: boolean
  force: boolean
  json: boolean
  noTrunc: boolean
  name: string | undefined
  namespace: string | undefined
  pod: string | undefined
  state: string | undefined
  tail: number | undefined
  timeoutSeconds: number
  runtimeEndpoint: string
}

const VERBS = [
  'version',
  'info',
  'ps',
  'pods',
  'images',
  'inspect',
  'inspectp',
  'logs',
  'exec',
  'attach',
  'port-forward',
  'stats',
  'statsp',
  'stop',
  'rm',
] as const
export type CrictlVerb = (typeof VERBS)[number]

/** `message` is for the user. */
export class UsageError extends Error {}

export const USAGE = `crictl speaks to this node's container runtime over CRI. Usage:

  crictl ps [-a] [-q] [-o json] [--name N] [--pod ID] [--namespace NS] [--state STATE]   containers
  crictl pods [-q] [-o json] [--name N] [--namespace NS] [--state STATE]                  pod sandboxes
  crictl images [-q] [-o json]                                                            images
  crictl inspect ID | inspectp ID                                                         one container | sandbox
  crictl logs [-f] [-t] [--tail N] ID                                                     a container's log
  crictl exec [-i] [-t] [--timeout SECONDS] ID COMMAND...                                 run a command; -it: a shell
  crictl attach [-i] [-t] ID                                                              join the main process
  crictl port-forward ID [LOCAL:]REMOTE...                                                a pod's ports on this node
  crictl stats [-o json] [ID] | statsp [ID]                                               what containers | pods use
  crictl stop [--timeout SECONDS] ID... | rm [-f] ID...                                   what the kubelet then heals
  crictl version | info

IDs may be shortened. -r ENDPOINT names another socket.`

const ALIASES: Record<string, CrictlVerb> = { image: 'images', img: 'images', p: 'pods' }
const DEFAULT_ENDPOINT = 'unix:///run/containerd/containerd.sock'

/** `undefined`: help was asked for. @throws UsageError */
export function parseCrictlArguments(argv: readonly string[]): CrictlCommand | undefined {
  const words = [...argv]
  let verb: CrictlVerb | undefined
  const command: Omit<CrictlCommand, 'verb'> = {
    operands: [],
    all: false,
    quiet: false,
    follow: false,
    timestamps: false,
    tty: false,
    interactive: false,
    force: false,
    json: false,
    noTrunc: false,
    name: undefined,
    namespace: undefined,
    pod: undefined,
    state: undefined,
    tail: undefined,
    timeoutSeconds: 0,
    runtimeEndpoint: DEFAULT_ENDPOINT,
  }
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '-h' || word === '--help' || word === 'help') return undefined
    if (/^-[aqfti]{2,}$/.test(word)) words.unshift(...Array.from(word.slice(1), (letter) => `-${letter}`))
    else if (word.startsWith('-') && word !== '-') takeOption(command, word, words)
    else if (verb === undefined) verb = parseVerb(word)
    else command.operands.push(word)
    // Behind the container's id everything belongs to the command that is run in it.
    if (verb === 'exec' && command.operands.length === 1) {
      command.operands.push(...(words[0] === '--' ? words.slice(1) : words))
      break
    }
  }
  if (verb === undefined) return undefined
  checkOperands(verb, command.operands.length)
  return { verb, ...command }
}

function parseVerb(word: string): CrictlVerb {
  const verb = VERBS.find((known) => known === word) ?? ALIASES[word]
  if (verb === undefined) throw new UsageError(`No help topic for '${word}': this crictl knows ${VERBS.join(', ')}`)
  return verb
}

function checkOperands(verb: CrictlVerb, count: number): void {
  const wants = { inspect: 1, inspectp: 1, logs: 1, attach: 1, stop: 1, rm: 1, exec: 2, 'port-forward': 2 } as Partial<
    Record<CrictlVerb, number>
  >
  const least = wants[verb] ?? 0
  if (count >= least) return
  const needs: Partial<Record<CrictlVerb, string>> = {
    exec: 'a container ID and a command',
    'port-forward': 'a pod ID and a port',
  }
  throw new UsageError(`${verb} needs ${needs[verb] ?? 'an ID'}`)
}

type Options = Omit<CrictlCommand, 'verb'>

function takeOption(command: Options, word: string, words: string[]): void {
  const equals = word.indexOf('=')
  const name = equals < 0 ? word : word.slice(0, equals)
  const value = (): string => {
    const given = equals < 0 ? words.shift() : word.slice(equals + 1)
    if (given === undefined) throw new UsageError(`${name} needs a value`)
    return given
  }
  switch (name) {
    case '-a':
    case '--all':
      command.all = true
      return
    case '-q':
    case '--quiet':
      command.quiet = true
      return
    case '-f':
    case '--follow':
    case '--force':
      command.follow = command.force = true
      return
    case '-t':
      command.timestamps = command.tty = true
      return
    case '--timestamps':
      command.timestamps = true
      return
    case '--tty':
      command.tty = true
      return
    case '-i':
    case '--interactive':
    case '--stdin':
      command.interactive = true
      return
    case '--no-trunc':
      command.noTrunc = true
      return
    case '-o':
    case '--output':
      command.json = parseOutput(value())
      return
    case '--name':
      command.name = value()
      return
    case '--namespace':
      command.namespace = value()
      return
    case '-p':
    case '--pod':
      command.pod = value()
      return
    case '-s':
    case '--state':
      command.state = value().toLowerCase()
      return
    case '--tail':
      command.tail = parseCount(name, value())
      return
    case '--timeout':
      command.timeoutSeconds = parseCount(name, value())
      return
    case '-r':
    case '--runtime-endpoint':
      command.runtimeEndpoint = value()
      return
    default:
      throw new UsageError(`flag provided but not defined: ${name}`)
  }
}

function parseOutput(text: string): boolean {
  if (text === 'json') return true
  if (text === 'table') return false
  throw new UsageError(`unsupported output format ${JSON.stringify(text)}: json and table are there`)
}

function parseCount(name: string, text: string): number {
  if (!/^\d{1,9}s?$/.test(text)) throw new UsageError(`${name} ${text}: a whole number is wanted`)
  return Number.parseInt(text, 10)
}
