/** Waits for something that the real engine brings about; it never sleeps longer than needed and says what it last saw. */

export interface WaitOptions {
  /** What is awaited, for the message of a failure. */
  what: string
  /** Generous by default: an engine call can take seconds on a busy machine. */
  timeoutSeconds?: number
  intervalMs?: number
}

/** For a moment that may be short and has to be met. */
export const CLOSE_LOOK = { timeoutSeconds: 60, intervalMs: 5 } as const

/** Calls `observe` until it answers something other than `undefined`; a throw counts as "not yet". */
export async function waitUntil<T>(
  options: WaitOptions,
  observe: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const deadlineMs = performance.now() + (options.timeoutSeconds ?? 60) * 1000
  let lastSeen: string
  for (;;) {
    try {
      const value = await observe()
      if (value !== undefined) return value
      lastSeen = 'not yet'
    } catch (error) {
      lastSeen = error instanceof Error ? error.message : String(error)
    }
    if (performance.now() > deadlineMs) throw new Error(`Waited in vain for: ${options.what} (last: ${lastSeen})`)
    await new Promise((resolve) => setTimeout(resolve, options.intervalMs ?? 100))
  }
}
