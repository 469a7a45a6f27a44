/** Batches a stream of text, so that a chatty container costs one message per frame of the screen and not one per line. */
import type { Clock, Timer } from '../../base/clock.ts'

export interface PumpOptions {
  clock: Clock
  /** How long text may wait for more to come. */
  maximumDelayMs: number
  /** Characters that are sent at once. */
  maximumLength: number
}

export const STREAM_BATCHING = { maximumDelayMs: 16, maximumLength: 64 * 1024 }

/**
 * Reads `source` to its end and hands it on in batches. A batch whose promise is pending holds back the next, and, once
 * `maximumLength` has gathered, the source too. Rejects with what `source` or `emit` threw.
 */
export async function pumpText(
  source: AsyncIterable<string>,
  emit: (text: string) => void | Promise<void>,
  options: PumpOptions,
): Promise<void> {
  let gathered = ''
  let timer: Timer | undefined
  let sending: Promise<void> = Promise.resolve()

  const flush = (): Promise<void> => {
    timer?.cancel()
    timer = undefined
    if (gathered === '') return sending
    const batch = gathered
    gathered = ''
    sending = sending.then(() => emit(batch))
    return sending
  }
  /** A failure stays in `sending`, and the flush that ends the loop throws it; here it only must not count as unhandled. */
  const flushLater = (): void => void flush().catch(() => undefined)

  try {
    for await (const text of source) {
      gathered += text
      if (gathered.length >= options.maximumLength) await flush()
      else if (gathered !== '') timer ??= options.clock.setTimer(options.maximumDelayMs, flushLater)
    }
  } finally {
    // Also when the source failed: its last words are often why.
    await flush()
  }
}
