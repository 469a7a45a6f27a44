import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { JournalUsageError } from './journal-arguments.ts'
import { parseJournalTime } from './journal-time.ts'
import { runJournalctl } from './journalctl.ts'

/** 2026-01-02 12:00:00, in the zone of whoever runs this. */
const NOON = new Date(2026, 0, 2, 12).getTime()
const OLD_BOOT = 'a'.repeat(32)
const NEW_BOOT = 'b'.repeat(32)
let folder = ''
let complaints: string[] = []

const stamp = (ms: number): string => `@${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, '0')}000`
/** Two boots: one of the last year, whose kubelet failed, and one of today. */
const JOURNAL = [
  `${stamp(new Date(2025, 11, 31, 23, 59, 58).getTime())} boot ${OLD_BOOT}`,
  `${stamp(new Date(2025, 11, 31, 23, 59, 58).getTime())} log 6 1 systemd Started kubelet.service - The agent.`,
  `${stamp(new Date(2025, 11, 31, 23, 59, 58).getTime())} run 20 kubelet ${'1'.repeat(32)}`,
  'I1231 23:59:59.100000      20 kubelet] "Kubelet version" kubeletVersion="v1.35.0"',
  'E0101 00:00:01.000000      20 kubelet] "command failed" err="x"',
  `${stamp(new Date(2026, 0, 1, 0, 0, 2).getTime())} log 5 1 systemd kubelet.service: Main process exited, code=exited, status=1/FAILURE`,
  `${stamp(new Date(2026, 0, 1, 0, 0, 2).getTime())} log 4 1 systemd kubelet.service: Failed with result 'exit-code'.`,
  `${stamp(NOON - 3_600_000)} boot ${NEW_BOOT}`,
  `${stamp(NOON - 3_600_000)} note 6 1 systemd Node node01 starts.`,
  `${stamp(NOON - 3_600_000)} log 6 1 systemd Started kubelet.service - The agent.`,
  `${stamp(NOON - 3_600_000)} run 30 kubelet ${'2'.repeat(32)}`,
  'a line without a head',
  'I0102 11:00:01.500000      30 kubelet] "Starting kubelet main sync loop"',
]

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'journal-'))
  complaints = []
  writeFileSync(path.join(folder, 'kubelet.log'), `${JOURNAL.join('\n')}\n`)
})
afterEach(() => rmSync(folder, { recursive: true }))

function journalctl(...words: string[]): string[] {
  return run(...words)
    .text.split('\n')
    .slice(0, -1)
}

function run(...words: string[]): ReturnType<typeof runJournalctl> {
  return runJournalctl(words, {
    file: path.join(folder, 'kubelet.log'),
    hostname: 'node01',
    now: NOON,
    isTerminal: false,
    complain: (text) => complaints.push(text),
  })
}

describe('given the journal of a node', () => {
  it('when its unit is asked for, then init’s and the kubelet’s lines come with who wrote them', () => {
    expect(journalctl('-u', 'kubelet', '-b')).toEqual([
      'Jan 02 11:00:00 node01 systemd[1]: Started kubelet.service - The agent.',
      'Jan 02 11:00:00 node01 kubelet[30]: a line without a head',
      'Jan 02 11:00:01 node01 kubelet[30]: I0102 11:00:01.500000      30 kubelet] "Starting kubelet main sync loop"',
    ])
    expect(journalctl('-b')[0]).toBe('Jan 02 11:00:00 node01 systemd[1]: Node node01 starts.')
  })

  it('when klog’s lines lie around New Year, then each is in its year', () => {
    expect(journalctl('-u', 'kubelet', '-b', '-1', '-o', 'short-iso', '--utc', '-g', 'version|command')).toHaveLength(2)
    const times = journalctl('-b-1', '-o', 'json', '_PID=20').map((line) => {
      const { __REALTIME_TIMESTAMP: time } = JSON.parse(line) as Record<string, string>
      return new Date(Number(time) / 1000).getFullYear()
    })
    expect(times).toEqual([2025, 2026])
  })

  it.each([
    [['-n', '1', '-o', 'cat'], ['I0102 11:00:01.500000      30 kubelet] "Starting kubelet main sync loop"']],
    [
      ['-n1', '-o', 'short-precise', '--no-hostname'],
      [expect.stringMatching(/^Jan 02 11:00:01\.500000 kubelet\[30\]: I/)],
    ],
    [['-n', '+1', '-o', 'cat'], ['Started kubelet.service - The agent.']],
    [
      ['-rn2', '-o=cat', '-t', 'systemd'],
      ['Started kubelet.service - The agent.', 'Node node01 starts.'],
    ],
    [['-p', 'warning', '-o', 'cat'], ["kubelet.service: Failed with result 'exit-code'."]],
    [['-S', '-70min', '-g', 'started', '-o', 'cat'], ['Started kubelet.service - The agent.']],
    [['--since=today', '--until', '11:00:00', '-t', 'kubelet', '-o', 'cat'], ['a line without a head']],
    [['-fu', 'kubelet*', '-n', '0'], []],
    [['-u', 'nothere'], ['-- No entries --']],
    [['-k'], ['-- No entries --']],
  ])('when %j is typed, then that is shown', (words, shown) => {
    expect(journalctl(...words)).toEqual(shown)
  })

  it('when -xeu kubelet is typed, then the pager begins at the end, and 1000 entries are enough', () => {
    expect(run('-xeu', 'kubelet').options).toMatchObject({
      pagerAtEnd: true,
      lines: 1000,
      query: { units: ['kubelet'] },
    })
  })

  it('when JSON is asked for, then its fields have journald’s names', () => {
    expect(JSON.parse(journalctl('-n1', '-o', 'json')[0] ?? '')).toMatchObject({
      MESSAGE: 'I0102 11:00:01.500000      30 kubelet] "Starting kubelet main sync loop"',
      PRIORITY: '6',
      SYSLOG_IDENTIFIER: 'kubelet',
      _PID: '30',
      _SYSTEMD_UNIT: 'kubelet.service',
      _BOOT_ID: NEW_BOOT,
      _HOSTNAME: 'node01',
      _SYSTEMD_INVOCATION_ID: '2'.repeat(32),
    })
    expect(JSON.parse(journalctl('-n1', '-o', 'json-pretty').join('\n'))).toMatchObject({ PRIORITY: '6' })
  })

  it('when the boots are listed, then the newest is 0', () => {
    expect(journalctl('--list-boots').map((line) => line.slice(0, 36))).toEqual([
      'IDX BOOT ID                         ',
      ` -1 ${OLD_BOOT}`,
      `  0 ${NEW_BOOT}`,
    ])
  })

  it('when nothing matches a pattern, then the exit code says so', () => {
    expect(run('-g', 'nowhere')).toMatchObject({ exitCode: 1, text: '-- No entries --\n' })
    expect(run('-S', 'tomorrow')).toMatchObject({ exitCode: 0 })
  })

  it('when the runtime’s journal is asked for, then it is told where that is', () => {
    expect(journalctl('-u', 'containerd')).toEqual(['-- No entries --'])
    expect(complaints.join()).toContain('a container of its own beside it')
  })

  it.each([
    [['-n', '1', '--frobnicate'], "journalctl: unrecognized option '--frobnicate'"],
    [['-z'], "journalctl: invalid option -- 'z'"],
    [['-u'], "journalctl: option requires an argument -- 'u'"],
    [['-u', 'kubelet', '-n', 'x'], "Failed to add match 'x': Invalid argument"],
    [['-o', 'nothere'], "Unknown output format 'nothere'."],
    [['--since', 'nonsense'], 'Failed to parse timestamp: nonsense'],
    [['-p', 'nonsense'], 'Unknown log level nonsense'],
    [['-b', '-7'], 'Data from the specified boot (-7) is not available: No such boot ID in journal'],
  ])('when %j is typed, then it is refused in the words of the real one', (words, message) => {
    expect(() => run(...words)).toThrow(new JournalUsageError(message))
  })
})

describe('given a point in time as people write it', () => {
  it.each([
    ['now', 0],
    ['-1h', -3600],
    ['+30s', 30],
    ['1h 30min ago', -5400],
    ['10 min ago', -600],
    ['2 days ago', -172_800],
    ['today', -43_200],
    ['yesterday', -129_600],
    ['11:30', -1800],
    ['2026-01-02 11:59:59', -1],
    ['2026-01-01', -129_600],
    ['Fri 2026-01-02 12:00', 0],
    [`@${NOON / 1000}`, 0],
  ])('when it is %s, then it is %d seconds from now', (text, seconds) => {
    expect(parseJournalTime(text, NOON)).toBe((NOON + seconds * 1000) * 1000)
  })

  it.each(['', 'soon', '-', 'ago', '25:00', '2026-13-01', '3 lightyears ago'])(
    'when it is %j, then it is none',
    (text) => {
      expect(parseJournalTime(text, NOON)).toBeUndefined()
    },
  )
})
