/** `journalctl` of a node: shows its one journal, with the options and in the formats of systemd's. */
import { EventEmitter } from 'node:events'
import { closeSync, existsSync, fstatSync, openSync, readSync, statSync, watch } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { formatEntry, formatTime, type EntryStyle } from './format-entry.ts'
import { parseJournalArguments, type JournalArguments } from './journal-arguments.ts'
import { JournalReader, type JournalEntry } from './journal-reader.ts'
import { findBoot, listBoots, matchesQuery } from './select-entries.ts'

export interface JournalctlPlace {
  /** The journal; its older half has the same name with `.1`. */
  file: string
  hostname: string
  /** Milliseconds since the epoch. */
  now: number
  isTerminal: boolean
  /** Lines for people, beside the journal. */
  complain(text: string): void
}

export interface JournalctlRun {
  exitCode: number
  /** What a pager is to show, or whoever reads. */
  text: string
  options: JournalArguments
  /** For `-f`: calls back with what is added, until the process is ended. */
  follow?(write: (text: string) => void): Promise<never>
}

const HELP = `journalctl [OPTIONS...] [MATCHES...]

The journal of this node: what its init says of the kubelet's unit, and what the kubelet says.

  -u --unit=UNIT            kubelet
  -n --lines[=N|+N|all]     the newest entries, or the oldest
  -f --follow               goes on as entries come
  -S --since=TIME  -U --until=TIME    "2026-01-31 12:00", 12:00, today, -1h, "10 min ago"
  -o --output=FORMAT        short, short-iso, short-precise, short-full, short-unix, with-unit, verbose, json, json-pretty, cat
  -p --priority=LEVEL       and what is worse: err, warning, notice, info; or FROM..TO
  -g --grep=PATTERN         whose message has this
  -b --boot[=N]             of this start of the node (0), the one before (-1), ...       --list-boots
  -t --identifier=NAME      -r --reverse   -e --pager-end   -x --catalog   -q --quiet
     --no-pager   --no-hostname   --utc   --output-fields=LIST   --disk-usage
`
/** Of a longer journal, where a few of its newest entries are asked for, no more than this is read. */
const TAIL_BYTES = 512 * 1024
const FEW_LINES = 100
const CHUNK_BYTES = 64 * 1024
/** What a node runs and does not keep in its journal, and where its words are. */
const ELSEWHERE: Record<string, string> = {
  containerd:
    'The container runtime of this node runs in a container of its own beside it, and writes no journal here. Its words are on your computer, in what "node-lab collect-logs" packs; what it does, crictl shows.',
  ssh: 'The SSH server of this node writes to /run/node-lab/ssh.log.',
}

/** @throws JournalUsageError */
export function runJournalctl(words: readonly string[], place: JournalctlPlace): JournalctlRun {
  const options = parseJournalArguments(words, place.now)
  const done = (text: string, exitCode = 0): JournalctlRun => ({ exitCode, text, options })
  switch (options.action) {
    case 'help':
      return done(HELP)
    case 'version':
      return done('The journal of a Node Lab node, shown as systemd 257 does\n')
    case 'nothing':
      return done('')
    case 'disk-usage':
      return done(`Archived and active journals take up ${formatSize(journalBytes(place.file))} in the file system.\n`)
    case 'list-boots':
      return done(formatBoots(readEntries(place, Infinity)))
    case 'show':
      return show(options, place)
  }
}

function show(options: JournalArguments, place: JournalctlPlace): JournalctlRun {
  const { query } = options
  for (const unit of query.units) {
    const where = ELSEWHERE[unit.replace(/\.service$/, '')]
    if (where !== undefined && !options.quiet) place.complain(where)
  }
  const entries = readEntries(place, canReadTail(options) ? TAIL_BYTES : Infinity)
  const boot = query.boot === undefined ? undefined : findBoot(listBoots(entries), query.boot)
  const isMeant = (entry: JournalEntry): boolean => matchesQuery(entry, query, boot, place.hostname)
  const style: EntryStyle = { ...options, hostname: place.hostname, colour: place.isTerminal }
  const found = limit(entries.filter(isMeant), options)
  if (options.reverse) found.reverse()
  const text = found.map((entry) => formatEntry(entry, style)).join('')
  const none = found.length === 0 && !options.quiet && !options.follow ? '-- No entries --\n' : ''
  return {
    exitCode: found.length === 0 && query.grep !== undefined && !options.follow ? 1 : 0,
    text: text + none,
    options,
    ...(options.follow && {
      follow: (write) =>
        followJournal(place, (entry) => {
          if (isMeant(entry)) write(formatEntry(entry, style))
        }),
    }),
  }
}

/** Whether the newest entries alone will do. */
function canReadTail({ query, lines = Infinity, fromStart }: JournalArguments): boolean {
  const { since, until, grep, boot, matches, identifiers, priorities } = query
  const isPlain = [since, until, grep, boot].every((part) => part === undefined)
  return isPlain && matches.length + identifiers.length === 0 && priorities[1] >= 6 && lines <= FEW_LINES && !fromStart
}

function limit(entries: JournalEntry[], { lines, fromStart }: JournalArguments): JournalEntry[] {
  if (lines === undefined || lines === Infinity) return entries
  if (fromStart) return entries.slice(0, lines)
  return lines === 0 ? [] : entries.slice(-lines)
}

function readEntries(place: JournalctlPlace, maxBytes: number): JournalEntry[] {
  const reader = new JournalReader(place.now * 1000)
  const text =
    maxBytes === Infinity
      ? readEnd(`${place.file}.1`, Infinity) + readEnd(place.file, Infinity)
      : readTail(place.file, maxBytes)
  const entries: JournalEntry[] = []
  for (const line of text.split('\n')) {
    const entry = line === '' ? undefined : reader.read(line)
    if (entry !== undefined) entries.push(entry)
  }
  return entries
}

/** Of both halves. */
function readTail(file: string, maxBytes: number): string {
  const text = readEnd(file, maxBytes)
  return text.length * 2 < maxBytes ? readEnd(`${file}.1`, maxBytes) + text : text
}

/** Whole lines; empty for a file that is not there. */
function readEnd(file: string, maxBytes: number): string {
  if (!existsSync(file)) return ''
  const descriptor = openSync(file, 'r')
  try {
    const { size } = fstatSync(descriptor)
    const start = Math.max(0, size - maxBytes)
    const bytes = Buffer.alloc(size - start)
    const text = bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, start)).toString('utf8')
    return start === 0 ? text : text.slice(text.indexOf('\n') + 1)
  } finally {
    closeSync(descriptor)
  }
}

/** Whatever is written from now on. A journal that is cut goes on from its start. */
async function followJournal({ file, now }: JournalctlPlace, onEntry: (entry: JournalEntry) => void): Promise<never> {
  const reader = new JournalReader(now * 1000)
  for (const line of readTail(file, TAIL_BYTES).split('\n')) if (line !== '') reader.read(line)
  const descriptor = openSync(file, 'r')
  const changes = new EventEmitter()
  const watcher = watch(file, () => changes.emit('change'))
  watcher.on('error', () => changes.emit('change'))
  let offset = fstatSync(descriptor).size
  let decoder = new StringDecoder('utf8')
  let rest = ''
  const bytes = Buffer.alloc(CHUNK_BYTES)
  for (;;) {
    if (fstatSync(descriptor).size < offset) {
      offset = 0
      rest = ''
      decoder = new StringDecoder('utf8')
    }
    const length = readSync(descriptor, bytes, 0, bytes.length, offset)
    if (length === 0) {
      await new Promise((resolve) => changes.once('change', resolve))
      continue
    }
    offset += length
    const lines = (rest + decoder.write(bytes.subarray(0, length))).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const entry = line === '' ? undefined : reader.read(line)
      if (entry !== undefined) onEntry(entry)
    }
  }
}

function formatBoots(entries: readonly JournalEntry[]): string {
  const boots = listBoots(entries)
  const rows = boots.map(({ id, first, last }, index) => {
    const number = String(index - boots.length + 1).padStart(3)
    return `${number} ${id} ${formatTime(first, 'full')} ${formatTime(last, 'full')}\n`
  })
  return `IDX BOOT ID                          FIRST ENTRY                 LAST ENTRY\n${rows.join('')}`
}

function journalBytes(file: string): number {
  return [file, `${file}.1`]
    .map((path) => (existsSync(path) ? statSync(path).size : 0))
    .reduce((sum, size) => sum + size)
}

function formatSize(bytes: number): string {
  const megabytes = bytes / 1024 / 1024
  return megabytes >= 1 ? `${megabytes.toFixed(1)}M` : `${(bytes / 1024).toFixed(1)}K`
}
