/** The one source of time; everything that waits takes a `Clock`, so that tests can play ten minutes in a millisecond. */

/** A longer timeout of Node.js ends at once, so longer waits are made of several. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

export interface Timer {
  cancel(): void
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Calls back once after `delayMs` (0 or more). */
  setTimer(delayMs: number, callback: () => void): Timer
}

/** The machine's clock. With `keepAlive: false` its timers do not keep the process alive. */
export function systemClock(options: { keepAlive?: boolean } = {}): Clock {
  return {
    now: () => Date.now(),
    setTimer(delayMs, callback) {
      let handle: NodeJS.Timeout
      const arm = (leftMs: number): void => {
        const step = Math.min(Math.max(0, leftMs), MAX_TIMEOUT_MS)
        handle = setTimeout(() => (leftMs > step ? arm(leftMs - step) : callback()), step)
        if (options.keepAlive === false) handle.unref()
      }
      arm(delayMs)
      return { cancel: () => clearTimeout(handle) }
    },
  }
}

/** Resolves after `delayMs`, or rejects with the signal's reason when it is aborted before. */
export function delay(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason)
      return
    }
    const onAbort = (): void => {
      timer.cancel()
      reject(signal?.reason)
    }
    const timer = clock.setTimer(delayMs, () => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    })
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
