import { Terminal } from '@xterm/xterm'
import { describe, expect, it } from 'vitest'
import { answerOnce } from './answer-once.ts'

const QUESTIONS = {
  'device attributes': '\u001B[c',
  'secondary device attributes': '\u001B[>c',
  status: '\u001B[5n',
  'cursor position': '\u001B[6n',
  'cursor position, the other way': '\u001B[?6n',
  'an ANSI mode': '\u001B[4$p',
  'a mode of its own': '\u001B[?2004$p',
  'a setting': '\u001BP$qm\u001B\\',
  'focus, by asking to be told of it': '\u001B[?1004h',
}

function aTerminal(): { heard: string[]; write: ReturnType<typeof answerOnce>; terminal: Terminal } {
  const terminal = new Terminal({ allowProposedApi: true })
  const heard: string[] = []
  return { heard, terminal, write: answerOnce(terminal, (data) => heard.push(data)) }
}

describe('what a program asks its terminal', () => {
  it.each(Object.entries(QUESTIONS))('given %s, then it is answered', async (_what, question) => {
    const { heard, write } = aTerminal()
    await write({ offset: 0, text: question, isAnswered: false })
    expect(heard).toHaveLength(1)
  })

  it.each(Object.entries(QUESTIONS))(
    'given %s, when another window answers, then this one is silent',
    async (_what, question) => {
      const { heard, write } = aTerminal()
      await write({ offset: 0, text: question, isAnswered: true })
      expect(heard).toEqual([])
    },
  )

  it('given a question that was answered, when something is typed then, and asked again, then both go to the program', async () => {
    const { heard, write, terminal } = aTerminal()
    await write({ offset: 0, text: '\u001B[5n', isAnswered: true })
    terminal.input('ls')
    await write({ offset: 4, text: '\u001B[5n', isAnswered: false })
    expect(heard).toEqual(['ls', '\u001B[0n'])
  })
})
