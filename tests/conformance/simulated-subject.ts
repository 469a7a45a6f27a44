/** The simulated runtime on a fake clock, which moves on whenever somebody waits. */
import { FakeClock, settle } from '../../src-main/base/testing/fake-clock.ts'
import type { ContainerBehaviour } from '../../src-main/container-runtime/simulated/behaviour.ts'
import { SimulatedRuntime } from '../../src-main/container-runtime/simulated/simulated-runtime.ts'
import type { CriSubject } from './cri-subject.ts'
import { EventRecorder } from './event-recorder.ts'
import { answerSimulated } from './workloads.ts'

const STEP_MS = 50
const PATIENCE_MS = 120_000

/** Lets time pass until the promise is settled. */
async function drive<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  let isSettled = false
  const mark = (): void => {
    isSettled = true
  }
  promise.then(mark, mark)
  await settle()
  while (!isSettled) await clock.advance(STEP_MS)
  return promise
}

/** The service, each of whose calls takes as much simulated time as it needs. */
function driven<T extends object>(service: T, clock: FakeClock): T {
  return new Proxy(service, {
    get(target, property) {
      const method: unknown = Reflect.get(target, property, target)
      if (typeof method !== 'function') return method
      return (...words: unknown[]) => drive(clock, method.apply(target, words) as Promise<unknown>)
    },
  })
}

export async function startSimulatedSubject(): Promise<CriSubject> {
  const clock = new FakeClock()
  const behaviours = new Map<string, ContainerBehaviour>()
  const service = new SimulatedRuntime({
    clock,
    images: [
      { reference: 'busybox:1.36', present: true },
      { reference: 'spare:1', present: true },
    ],
    behaviour: (config) => behaviours.get(config.command.at(-1) ?? ''),
  })
  const recorder = new EventRecorder(service)
  const runtime = driven(service, clock)
  await settle()
  return {
    ...{ name: 'simulated', runtime, images: driven(service.images, clock) },
    ...{ image: 'busybox:1.36', spareImage: 'spare:1', events: recorder.events },
    endEvents: () => recorder.end(),
    nowNs: () => BigInt(clock.now()) * 1_000_000n,
    prepare: ({ script, behaviour }) => void behaviours.set(script, { ...behaviour, exec: answerSimulated }),
    complete: (config) => config,
    async eventually(what, observe) {
      const limitMs = clock.now() + PATIENCE_MS
      while (clock.now() < limitMs) {
        const value = await observe()
        if (value !== undefined) return value
        await clock.advance(STEP_MS)
      }
      throw new Error(`waited in vain for ${what}`)
    },
    dispose: () => recorder.end(),
  }
}
