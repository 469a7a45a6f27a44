/** What is typed, on its way to the shell: in order, one call at a time, in parts that the app takes. */
import { MAX_TERMINAL_INPUT } from '@common/lab/terminal.ts'
import { call } from '../../../bridge/client.ts'

/** Answers the function to type with. What was typed while a call is under way goes with the next. */
export function createInput(terminal: string, onError: (error: unknown) => void): (data: string) => void {
  let pending = ''
  let isSending = false

  async function send(): Promise<void> {
    isSending = true
    try {
      while (pending !== '') {
        const data = pending.slice(0, MAX_TERMINAL_INPUT)
        pending = pending.slice(data.length)
        await call('terminal/input', { terminal, data })
      }
    } catch (error) {
      // The rest of something that was cut is worse than nothing.
      pending = ''
      onError(error)
    } finally {
      isSending = false
    }
  }

  return (data) => {
    pending += data
    if (!isSending) void send()
  }
}
