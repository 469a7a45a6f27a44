import { describe, expect, it } from 'vitest'
import { processTerminal } from './output.ts'

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
