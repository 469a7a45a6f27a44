/** Logs of containers: files on the node, in CRI's format. */
import { readFile, rename } from 'node:fs/promises'
import { expect } from 'vitest'
import { expectCode, expectRefused, UNKNOWN_ID } from '../case-world.ts'
import { defineCases } from '../cri-case.ts'
import { exitsWith, runs } from '../workloads.ts'

/** A stamp with nanoseconds and a zone, the stream, whole or partial, and the text. */
const LINE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}(?:Z|[+-]\d\d:\d\d)) (stdout|stderr) ([PF]) (.*)$/s

function parse(line: string): { stampMs: number; stream: string; tag: string; text: string } {
  const [, stamp = '', stream = '', tag = '', text = ''] = LINE.exec(line) ?? []
  return { stampMs: Date.parse(stamp), stream, tag, text }
}

export const LOG_CASES = defineCases({
  'log-lines': {
    given: 'a container that writes to both outputs',
    then: 'its log has each line with a stamp of its time, its stream and the tag of a whole line',
    async run(world) {
      const before = Date.now()
      const started = await world.start(runs('echo one; sleep 0.2; echo two >&2; sleep 0.2; echo; echo "  three "'))
      const lines = (await world.logLines(started, 4)).map(parse)
      expect(lines.map(({ stream, tag, text }) => [stream, tag, text])).toEqual([
        ['stdout', 'F', 'one'],
        ['stderr', 'F', 'two'],
        ['stdout', 'F', ''],
        ['stdout', 'F', '  three '],
      ])
      const stamps = lines.map(({ stampMs }) => stampMs)
      expect(stamps).toEqual(stamps.toSorted((left, right) => left - right))
      for (const stamp of stamps) {
        expect(stamp).toBeGreaterThanOrEqual(before)
        expect(stamp).toBeLessThanOrEqual(Date.now())
      }
    },
  },
  'log-long-line': {
    given: 'a line of 40,000 characters',
    then: 'the log has it in parts of 16 KiB, all but the last of them partial',
    async run(world) {
      const started = await world.start(runs('head -c 40000 /dev/zero | tr "\\0" x; echo; echo end'))
      const lines = (await world.logLines(started, 4)).map(parse)
      expect(lines.map(({ tag, text }) => [tag, text.length])).toEqual([
        ['P', 16_384],
        ['P', 16_384],
        ['F', 40_000 - 2 * 16_384],
        ['F', 3],
      ])
    },
  },
  'log-unfinished-line': {
    given: 'a container that ends without a line’s end',
    then: 'the log has the line',
    async run(world) {
      const started = await world.start(runs('printf unfinished'))
      const [line = ''] = await world.logLines(started, 1)
      expect(parse(line).text).toBe('unfinished')
    },
  },
  'log-reopen': {
    given: 'a running container whose log was renamed',
    when: 'it is told to open its log again',
    then: 'further lines are in a new file, and no line is lost',
    async run(world) {
      const started = await world.start(runs('n=0; while :; do n=$((n+1)); echo $n; sleep 0.05; done'))
      await world.logLines(started, 3)
      const file = world.logFile(started)
      await rename(file, `${file}.old`)
      await world.runtime.reopenContainerLog(started.containerId)
      await world.logLines(started, 3)
      await world.runtime.stopContainer(started.containerId, 0)
      const both = `${await readFile(`${file}.old`, 'utf8')}${await readFile(file, 'utf8')}`
      const numbers = both
        .trimEnd()
        .split('\n')
        .map((line) => Number(parse(line).text))
      expect(numbers).toEqual(numbers.map((_, index) => index + 1))
    },
  },
  'log-reopen-exited': {
    given: 'a container that has exited',
    when: 'it is told to open its log again',
    then: 'it is refused',
    async run(world) {
      const { id } = await world.runToEnd(exitsWith(0))
      await expectRefused(world.runtime.reopenContainerLog(id))
    },
  },
  'log-reopen-unknown': {
    given: 'an id that no container has',
    when: 'it is told to open its log again',
    then: 'NotFound',
    run: ({ runtime }) => expectCode(runtime.reopenContainerLog(UNKNOWN_ID), 'NotFound'),
  },
})
