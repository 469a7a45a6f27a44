/**
 * What programs ask a terminal (where the cursor is, what kind of terminal it is, its colours) is answered by one window, although
 * several may show the same output, and show it again later. A second answer would be typed into whatever reads by then.
 */
import type { IFunctionIdentifier, Terminal } from '@xterm/xterm'
import type { TerminalChunk } from '@common/lab/terminal.ts'

/** Device attributes, status and cursor reports, modes, window reports; and the mode of focus reports, which tells the focus at once. */
const CONTROL_QUESTIONS: readonly IFunctionIdentifier[] = [
  { final: 'c' },
  { prefix: '>', final: 'c' },
  { final: 'n' },
  { prefix: '?', final: 'n' },
  { intermediates: '$', final: 'p' },
  { prefix: '?', intermediates: '$', final: 'p' },
  { final: 't' },
  { prefix: '?', final: 'h' },
]
const SETTING_QUESTION: IFunctionIdentifier = { intermediates: '$', final: 'q' }
/** Operating system commands that ask for a colour: of the palette, of text, ground and cursor. */
const COLOUR_QUESTIONS = [4, 10, 11, 12] as const

/**
 * Gives what is typed, and the terminal's answers, to `onData`; answers to questions in chunks that are answered already are dropped.
 * The returned function writes a chunk, and resolves when it is on the screen; the chunk before has to be there already.
 */
export function answerOnce(
  terminal: Terminal,
  onData: (data: string) => void,
): (chunk: TerminalChunk) => Promise<void> {
  let isAnswered = false
  let isSilent = false

  /** xterm answers within the same task, in which nobody can type. Not handled here: the question is xterm's to answer. */
  function onQuestion(): false {
    if (isAnswered && !isSilent) {
      isSilent = true
      queueMicrotask(() => (isSilent = false))
    }
    return false
  }

  for (const question of CONTROL_QUESTIONS) terminal.parser.registerCsiHandler(question, onQuestion)
  terminal.parser.registerDcsHandler(SETTING_QUESTION, onQuestion)
  for (const command of COLOUR_QUESTIONS) terminal.parser.registerOscHandler(command, onQuestion)
  terminal.onData((data) => {
    if (!isSilent) onData(data)
  })
  return (chunk) => {
    isAnswered = chunk.isAnswered
    return new Promise((resolve) => terminal.write(chunk.text, resolve))
  }
}
