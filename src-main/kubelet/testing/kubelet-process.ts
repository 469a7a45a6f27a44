/** The process that a kubelet under test lives in: once it is killed, none of its timers fires and no answer reaches it. */
import type { Clock, Timer } from '../../base/clock.ts'
import type { ImageService, RuntimeService } from '../../container-runtime/cri.ts'

export class KubeletProcess {
  readonly clock: Clock
  readonly runtime: RuntimeService
  readonly images: ImageService
  readonly #death = new AbortController()

  constructor(world: { clock: Clock; runtime: RuntimeService; images: ImageService }) {
    this.clock = mortalClock(world.clock, this.#death.signal)
    this.runtime = mortal(world.runtime, this.#death.signal)
    this.images = mortal(world.images, this.#death.signal)
  }

  /** As by SIGKILL: calls that are on their way still take effect. */
  kill(): void {
    this.#death.abort()
  }
}

function mortalClock(clock: Clock, death: AbortSignal): Clock {
  const timers = new Set<Timer>()
  death.addEventListener('abort', () => {
    for (const timer of timers) timer.cancel()
  })
  return {
    now: () => clock.now(),
    setTimer(delayMs, callback) {
      if (death.aborted) return { cancel: () => undefined }
      const timer = clock.setTimer(delayMs, () => {
        timers.delete(timer)
        callback()
      })
      timers.add(timer)
      return {
        cancel: () => {
          timers.delete(timer)
          timer.cancel()
        },
      }
    },
  }
}

function mortal<Service extends object>(service: Service, death: AbortSignal): Service {
  return new Proxy(service, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property)
      if (typeof member !== 'function') return member
      return (...parameters: unknown[]): Promise<unknown> => {
        if (death.aborted) return new Promise(() => undefined)
        const [first] = parameters
        const mortals = isSubscription(first)
          ? [{ ...first, signal: AbortSignal.any([first.signal, death]) }]
          : parameters
        return untilDeath(Reflect.apply(member, target, mortals) as Promise<unknown>, death)
      }
    },
  })
}

function isSubscription(value: unknown): value is { signal: AbortSignal } {
  return typeof value === 'object' && value !== null && 'signal' in value && value.signal instanceof AbortSignal
}

function untilDeath<T>(answer: Promise<T>, death: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    answer.then(
      (value) => {
        if (!death.aborted) resolve(value)
      },
      (error: unknown) => {
        if (!death.aborted) reject(error instanceof Error ? error : new Error(String(error)))
      },
    )
  })
}
