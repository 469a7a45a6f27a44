/** The one source of time; everything that waits takes a `Clock`, so that tests can play ten minutes in a millisecond. */

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
      const handle = setTimeout(callback, Math.max(0, delayMs))
      if (options.keepAlive === false) handle.unref()
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
