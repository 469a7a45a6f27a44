/** Reads a container's log file, whole or its tail, and follows it over rotations until the container has ended. */
import { watch } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import type { Clock } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { ContainerLogFile } from './channel-source.ts'
import { LogFormatter } from './cri-log-line.ts'
import { Wakeup } from './wakeup.ts'

export interface LogReadOptions {
  follow: boolean
  timestamps: boolean
  /** Only the last whole lines of the present file. */
  tailLines: number | undefined
  /** RFC 3339, UTC; earlier lines are left out. */
  sinceTime: string | undefined
  /** Absent: both. */
  stream?: 'stdout' | 'stderr'
}

export interface LogReadContext {
  clock: Clock
  signal: AbortSignal
  /** Calls back when the kubelet has seen a change: the container may have ended. */
  onDidChange(listener: () => void): Disposable
}

/** How long a follower sleeps at most before it looks at the file by itself: inotify may fail to arm or to cross. */
const POLL_MS = 1000
/** How long after the container's end its log may still grow. */
const SETTLE_MS = 250
const BLOCK_BYTES = 64 * 1024
/** A raw line longer than this cannot come from a runtime (parts are 16 kB): it is dropped in pieces, never gathered. */
const MAX_LINE_BYTES = 1024 * 1024
const NEWLINE = 10

/** Text as `kubectl logs` shows it, in pieces of some 64 kB. A missing file is an empty log. */
export async function* readLog(
  log: ContainerLogFile,
  options: LogReadOptions,
  context: LogReadContext,
): AsyncGenerator<string> {
  const formatter = new LogFormatter(options)
  const wakeup = new Wakeup(context.clock, context.signal)
  // Listening starts before the first read: what comes in between wakes the first wait.
  const subscriptions = options.follow ? subscribe(log.path, wakeup, context) : []
  let file = await openLog(log.path)
  try {
    let reader = file && new LineReader(file, await startPosition(file, options.tailLines))
    let settled = false
    while (!context.signal.aborted) {
      // Asked before reading: whatever was written before the end is read in this round.
      const running = options.follow && (await log.isRunning())
      if (reader !== undefined) yield* readToEnd(reader, formatter, context.signal)
      const next = options.follow ? await openSuccessor(log.path, file) : undefined
      if (next !== undefined) {
        // Since the new file is there nobody writes to the old one: this is its end.
        if (reader !== undefined) yield* readToEnd(reader, formatter, context.signal)
        await file?.close()
        file = next
        reader = new LineReader(next, 0)
      } else if (settled || !options.follow) return
      else if (!running) {
        // The runtime may still be writing what the container said last.
        settled = true
        await wakeup.wait(SETTLE_MS)
      } else {
        if (file !== undefined) await reader?.rewindIfTruncated()
        await wakeup.wait(POLL_MS)
      }
    }
  } finally {
    for (const subscription of subscriptions) await subscription.dispose()
    await file?.close()
  }
}

function subscribe(logPath: string, wakeup: Wakeup, context: LogReadContext): Disposable[] {
  const subscriptions = [context.onDidChange(() => wakeup.wake())]
  try {
    const watcher = watch(path.dirname(logPath), () => wakeup.wake())
    // A watch that fails later (the folder goes) leaves the polling, which ends by itself.
    watcher.on('error', () => watcher.close())
    subscriptions.push({ dispose: () => watcher.close() })
  } catch {
    // No inotify instance left, or no folder yet: polling does the same, later.
  }
  return subscriptions
}

async function* readToEnd(reader: LineReader, formatter: LogFormatter, signal: AbortSignal): AsyncGenerator<string> {
  for (let lines = await reader.next(); lines.length > 0 && !signal.aborted; lines = await reader.next()) {
    const text = lines.map((line) => formatter.format(line)).join('')
    if (text !== '') yield text
  }
}

async function openLog(logPath: string): Promise<FileHandle | undefined> {
  try {
    return await open(logPath, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** The file that now has the name, when it is another one than the open one: the log was rotated. */
async function openSuccessor(logPath: string, file: FileHandle | undefined): Promise<FileHandle | undefined> {
  if (file === undefined) return openLog(logPath)
  const present = await stat(logPath).catch(() => undefined)
  if (present === undefined || present.ino === (await file.stat()).ino) return undefined
  return openLog(logPath)
}

/** Reads whole lines from a position on; what is not ended by a newline yet stays unread. */
class LineReader {
  readonly #file: FileHandle
  #position: number
  #rest: Buffer = Buffer.alloc(0)

  constructor(file: FileHandle, position: number) {
    this.#file = file
    this.#position = position
  }

  /** The next lines, some 64 kB of them; none at the present end of the file. */
  async next(): Promise<string[]> {
    for (;;) {
      const block = Buffer.alloc(BLOCK_BYTES)
      const { bytesRead } = await this.#file.read(block, 0, BLOCK_BYTES, this.#position)
      if (bytesRead === 0) return []
      this.#position += bytesRead
      const data = Buffer.concat([this.#rest, block.subarray(0, bytesRead)])
      const end = data.lastIndexOf(NEWLINE)
      this.#rest = end < 0 && data.length > MAX_LINE_BYTES ? Buffer.alloc(0) : Buffer.from(data.subarray(end + 1))
      if (end >= 0) return data.subarray(0, end).toString('utf8').split('\n')
    }
  }

  async rewindIfTruncated(): Promise<void> {
    if ((await this.#file.stat()).size >= this.#position) return
    this.#position = 0
    this.#rest = Buffer.alloc(0)
  }
}

async function startPosition(file: FileHandle, tailLines: number | undefined): Promise<number> {
  if (tailLines === undefined) return 0
  const { size } = await file.stat()
  return findTailStart(file, size, tailLines)
}

/** Where the last `tailLines` whole lines begin; the parts of a long line count as one. */
async function findTailStart(file: FileHandle, size: number, tailLines: number): Promise<number> {
  let wholeLines = 0
  let start = size
  const block = Buffer.alloc(BLOCK_BYTES)
  for (let blockEnd = size; blockEnd > 0;) {
    const blockStart = Math.max(0, blockEnd - BLOCK_BYTES)
    await file.read(block, 0, blockEnd - blockStart, blockStart)
    for (let index = blockEnd - blockStart - 1; index >= -1; index--) {
      const lineStart = blockStart + index + 1
      const isStart = index >= 0 ? block[index] === NEWLINE : blockStart === 0
      if (!isStart || lineStart >= size) continue
      if ((await isWholeLine(file, lineStart)) && ++wholeLines > tailLines) return start
      start = lineStart
    }
    blockEnd = blockStart
  }
  return tailLines === 0 ? size : 0
}

async function isWholeLine(file: FileHandle, position: number): Promise<boolean> {
  const head = Buffer.alloc(64)
  const { bytesRead } = await file.read(head, 0, head.length, position)
  return head.toString('latin1', 0, bytesRead).split(' ', 3)[2]?.split(/[:\n]/)[0] === 'F'
}
