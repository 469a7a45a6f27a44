/** `crictl logs`: from the file on the node, whose path the runtime tells. */
import { dirname, join } from 'node:path'
import { toDisposable } from '../../base/disposable.ts'
import { readLog } from '../../kubelet/private-channel/read-log.ts'
import { findId } from './find-id.ts'
import { parseDuration } from './flags.ts'
import { CrictlError, during, type Invocation, type Outcome, type Verb } from './verb.ts'

export const LOGS: Verb = {
  name: 'logs',
  usage: 'Show the log of a container',
  operands: 'CONTAINER-ID',
  flags: [
    { name: 'follow', aliases: ['f'], kind: 'switch', usage: 'Go on with what is written from now on' },
    { name: 'previous', aliases: ['p'], kind: 'switch', usage: 'The log of the attempt before this one' },
    { name: 'reopen', aliases: ['r'], kind: 'switch', usage: 'Let the runtime open the log file again first' },
    { name: 'tail', kind: 'integer', defaultText: '-1', usage: 'So many lines from the end; -1: all' },
    {
      name: 'limit-bytes',
      aliases: ['l'],
      kind: 'integer',
      defaultText: '-1',
      usage: 'At most so many bytes; -1: all',
    },
    { name: 'since', kind: 'text', usage: 'From this time on: RFC 3339, or how long ago, such as 42m' },
    { name: 'timestamps', aliases: ['t'], kind: 'switch', usage: 'With the time of each line' },
    { name: 'stream', aliases: ['s'], kind: 'text', usage: 'Only stdout or stderr' },
  ],
  run: printLog,
}

async function printLog(invocation: Invocation): Promise<Outcome> {
  const { operands, flags, runtime, clock, signal, log } = invocation
  const [operand, ...more] = operands
  if (operand === undefined) throw new CrictlError('ID cannot be empty')
  if (more.length > 0) return 'help'
  const stream = parseStream(flags.text('stream'))
  if (flags.isGiven('tail') && stream !== undefined) throw new CrictlError('--tail and --stream are mutually exclusive')
  const sinceTime = parseSince(flags.text('since'), clock.now())
  const id = findId('container', operand, await runtime.listContainers())
  if (flags.isOn('reopen')) {
    await during('reopen container logs', runtime.reopenContainerLog(id))
    log('info', 'Container logs reopened')
  }
  const status = await runtime.containerStatus(id)
  if (status.logPath === '') throw new CrictlError('the container has not set log path')
  const { name, attempt } = status.metadata
  if (flags.isOn('previous') && attempt === 0) throw new CrictlError(`previous terminated container ${name} not found`)
  const path = flags.isOn('previous') ? join(dirname(status.logPath), `${attempt - 1}.log`) : status.logPath
  // A container that has been removed meanwhile is no longer listed.
  const isRunning = async (): Promise<boolean> =>
    (await runtime.listContainers({ id })).some(({ state }) => state === 'CONTAINER_RUNNING')
  const tail = flags.integer('tail') ?? -1
  const pieces = readLog(
    { path, isRunning },
    {
      follow: flags.isOn('follow'),
      timestamps: flags.isOn('timestamps'),
      tailLines: tail < 0 ? undefined : tail,
      sinceTime,
      ...(stream === undefined ? {} : { stream }),
    },
    // Nobody tells of changes here; the follower looks by itself.
    { clock, signal, onDidChange: () => toDisposable(() => undefined) },
  )
  await printPieces(invocation, pieces)
  return 'done'
}

async function printPieces({ flags, stdout }: Invocation, pieces: AsyncIterable<string>): Promise<void> {
  const limit = flags.integer('limit-bytes') ?? -1
  let left = limit < 0 ? Infinity : limit
  for await (const piece of pieces) {
    const bytes = Buffer.from(piece)
    stdout(bytes.length > left ? bytes.subarray(0, left) : piece)
    left -= bytes.length
    if (left <= 0) return
  }
}

function parseStream(text: string): 'stdout' | 'stderr' | undefined {
  if (text === '') return undefined
  if (text === 'stdout' || text === 'stderr') return text
  throw new CrictlError(`invalid stream ${JSON.stringify(text)}, must be "stdout" or "stderr"`)
}

/** How long ago, RFC 3339 (without a zone: UTC), or seconds since the epoch. @throws CrictlError */
export function parseSince(text: string, nowMs: number): string | undefined {
  if (text === '') return undefined
  const isSeconds = /^\d{9,}(\.\d+)?$/.test(text)
  const ago = isSeconds ? undefined : parseDuration(text)
  const hasZone = /(Z|[+-]\d\d:?\d\d)$/i.test(text) || !text.includes('T')
  const ms = isSeconds ? Number(text) * 1000 : ago === undefined ? Date.parse(hasZone ? text : `${text}Z`) : nowMs - ago
  if (Number.isNaN(ms)) throw new CrictlError(`failed to parse value as time or duration: ${JSON.stringify(text)}`)
  return new Date(ms).toISOString()
}
