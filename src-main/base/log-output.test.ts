import { expect, it } from 'vitest'
import { fileOutput } from './log-output.ts'

it('given a disk that is full for a while, when lines are written, then no program ends, and how many are lost is told afterwards', () => {
  let room = 12
  let file = ''
  const write = (line: string): number => {
    if (room === 0) throw new Error('ENOSPC')
    const part = line.slice(0, room)
    room -= part.length
    file += part
    return part.length
  }
  const output = fileOutput(write, (count) => `${count} lost\n`)
  for (const line of ['one\n', 'two\n', 'three\n', 'four\n']) output(line)
  room = 1000
  output('five\n')
  expect(file).toBe('one\ntwo\nthre\n2 lost\nfive\n')
})
