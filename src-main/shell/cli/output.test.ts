import { describe, expect, it } from 'vitest'
import { formatTable, printable, processTerminal } from './output.ts'

const STEER = 'a\u001B[2Jb\u009B1mc\rd'
const HARMLESS = 'a\uFFFD[2Jb\uFFFD1mc\uFFFDd'

function streamInto(written: string[], isTTY: boolean): NodeJS.WriteStream {
  const write = (text: string): number => written.push(text)
  return { isTTY, columns: 80, write } as unknown as NodeJS.WriteStream
}

describe.each([true, false])('given words of a pod in a line, and a terminal (%s)', (isTTY) => {
  it('when it is a result, a remark or a step, then it steers nothing, and lines stay lines', () => {
    const written: string[] = []
    const terminal = processTerminal(streamInto(written, isTTY), streamInto(written, isTTY))
    terminal.print(`one\n${STEER}`)
    terminal.note(`two\n${STEER}`)
    terminal.progress({ message: STEER })
    const step = isTTY ? `\r\u001B[2K${HARMLESS}` : `${HARMLESS}\n`
    expect(written).toEqual([`one\n${HARMLESS}\n`, `two\n${HARMLESS}\n`, step])
  })
})

describe('output', () => {
  it('given rows of different widths, when formatted, then columns line up and nothing trails', () => {
    expect(
      formatTable(
        ['NAME', 'X'],
        [
          ['a', '1'],
          ['longer', ''],
        ],
      ),
    ).toEqual(['NAME     X', 'a        1', 'longer'])
  })

  it('given a cell from outside, when formatted, then its control characters are harmless', () => {
    expect(formatTable(['POD'], [['a\u001B[2J']])).toEqual(['POD', 'a\uFFFD[2J'])
  })

  it('given control characters, when printed, then they cannot steer the terminal', () => {
    expect(printable('a\u001B[2Jb\tc')).toBe('a\uFFFD[2Jb\tc')
  })
})
