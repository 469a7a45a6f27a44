/** A terminal's output, from the app to the screen: each part is asked for when the one before is on the screen. */
import type { LabErrorData } from '@common/lab-error.ts'
import type { TerminalChunk } from '@common/lab/terminal.ts'
import { onStateChange, openStream } from '../../../bridge/client.ts'

export interface OutputScreen {
  /** Resolves when it is on the screen. */
  write(chunk: TerminalChunk): Promise<void>
  /** What comes next does not go on where the screen ends: a part between was forgotten. */
  clear(): void
}

/** `gone`: nobody knows the terminal any more, as after a restart of the app. */
export type OutputState = 'following' | 'reconnecting' | 'ended' | 'gone'

/** Follows until the returned function is called; a connection that was lost is taken up where it broke. */
export function followOutput(
  terminal: string,
  screen: OutputScreen,
  onState: (state: OutputState, error?: LabErrorData) => void,
): () => void {
  let next = 0
  let close: (() => void) | undefined
  let isWaiting = false

  function open(): void {
    isWaiting = false
    onState('following')
    close = openStream(
      'terminal/output',
      { terminal, from: next },
      {
        async onChunk(chunk) {
          if (chunk.offset !== next) screen.clear()
          next = chunk.offset + chunk.text.length
          await screen.write(chunk)
        },
        onEnd(error) {
          close = undefined
          if (error === undefined) onState('ended')
          else if (error.kind === 'Unavailable') {
            isWaiting = true
            onState('reconnecting', error)
          } else onState('gone', error)
        },
      },
    )
  }

  const unsubscribe = onStateChange((state) => {
    if (state === 'open' && isWaiting) open()
  })
  open()
  return () => {
    unsubscribe()
    close?.()
  }
}
