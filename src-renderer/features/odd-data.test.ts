/** Whatever fields a lab's objects have: no page breaks, nothing of the data becomes markup. A page that comes later joins by one line in `PAGES`. */
import { flushPromises } from '@vue/test-utils'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { IpcReply } from '@common/ipc/bridge.ts'
import type { IpcCallName, IpcCalls } from '@common/ipc/calls.ts'
import type { IpcEventName, IpcEvents } from '@common/ipc/events.ts'
import App from '../App.vue'
import { installBridge } from '../bridge/client.ts'
import { FakeBridge } from '../bridge/fake-bridge.ts'
import { mountInApp } from '../testing/mount-app.ts'

const POD = '/labs/default/nodes/node01/pods/default'
const TABS = ['lifecycle', 'containers', 'events', 'logs', 'terminal', 'manifest', 'object', 'api'] as const
const PAGES = [
  '/',
  '/timeline',
  '/compare',
  '/settings',
  '/welcome',
  '/diagnostics',
  '/terminal',
  '/labs/default/nodes/node01/files',
  '/labs/default/nodes/node01/files/web.yaml',
  ...TABS.flatMap((tab) => [`${POD}/web-node01/${tab}`, `${POD}/crash-loop-node01/${tab}`, `${POD}/by-hand/${tab}`]),
]

/** Everything in it that would be an element, if anybody took it for markup. */
const MARKUP = '<img src=x onerror="window.pwned=1"><odd-element></odd-element><script>window.pwned=1</' + 'script>'
const ODD_VALUES: readonly unknown[] = [
  undefined,
  null,
  '',
  0,
  -1,
  1e308,
  true,
  [],
  {},
  [null, [], {}, 5],
  { deep: { deep: { deep: [MARKUP] } } },
  'x'.repeat(100_000),
  MARKUP,
  '\u202Eright to left عربي',
  '👩‍👩‍👧‍👦🏳️‍🌈',
  '2026-13-45T99:99:99Z',
  '__proto__',
  '\u001B[31mred\u0000',
]

interface Mutation {
  /** Which leaf or branch is replaced: the hash of its path, modulo as many as are replaced. */
  every: number
  offset: number
  value: number
}

const SPOILT: readonly IpcCallName[] = ['node/views', 'cluster/view', 'timeline/list']

/** The bridge whose answers about pods, files and timelines are odd here and there. */
class OddBridge extends FakeBridge {
  readonly #mutation: Mutation

  constructor(mutation: Mutation) {
    super('cluster')
    this.#mutation = mutation
  }

  override async call<Name extends IpcCallName>(
    name: Name,
    parameters: IpcCalls[Name]['parameters'],
  ): Promise<IpcReply<Name>> {
    const reply = await super.call(name, parameters)
    if (!reply.ok) return reply
    if (!SPOILT.includes(name)) return reply
    return { ...reply, result: spoil(reply.result, this.#mutation) as IpcCalls[Name]['result'] }
  }

  override emit<Name extends IpcEventName>(name: Name, payload: IpcEvents[Name]): void {
    // What its own constructor tells comes before there is a mutation.
    super.emit(name, #mutation in this ? (spoil(payload, this.#mutation) as IpcEvents[Name]) : payload)
  }
}

/** Pods and entries of an answer or an event, which anybody may have written; the envelope around them is our own program's. */
function spoil(payload: unknown, mutation: Mutation): unknown {
  if (Array.isArray(payload)) return payload.map((item) => spoil(item, mutation))
  if (typeof payload !== 'object' || payload === null) return payload
  if ('sequence' in payload) return mutate(payload, `entry${String(payload.sequence)}`, mutation)
  return Object.fromEntries(
    Object.entries(payload).map(([key, value]) => [
      key,
      key === 'pods' && Array.isArray(value)
        ? value.map((pod, index) => mutate(pod, `pod${index}`, mutation))
        : key === 'entries'
          ? spoil(value, mutation)
          : value,
    ]),
  )
}

function mutate(value: unknown, path: string, mutation: Mutation): unknown {
  if (hash(path) % mutation.every === mutation.offset % mutation.every) return ODD_VALUES[mutation.value]
  if (Array.isArray(value)) return value.map((item, index) => mutate(item, `${path}.${index}`, mutation))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mutate(item, `${path}.${key}`, mutation)]))
}

function hash(text: string): number {
  let value = 7
  for (const letter of text) value = (Math.imul(value, 31) + (letter.codePointAt(0) ?? 0)) >>> 0
  return value
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('odd data', () => {
  it.each(PAGES)(
    'given any fields that are absent, null, of a wrong type, huge or markup, when %s is open, then it stands',
    async (path) => {
      const mutations = fc.record({
        every: fc.integer({ min: 2, max: 40 }),
        offset: fc.nat(40),
        value: fc.nat(ODD_VALUES.length - 1),
      })
      await fc.assert(
        fc.asyncProperty(mutations, (mutation) => expectStanding(path, mutation)),
        { numRuns: 6 },
      )
    },
  )
})

async function expectStanding(path: string, mutation: Mutation): Promise<void> {
  const faults: unknown[] = []
  const onError = vi.spyOn(console, 'error').mockImplementation((...words) => void faults.push(words))
  const onWarning = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const bridge = new OddBridge(mutation)
  installBridge(bridge)
  if (path === '/compare') await bridge.call('comparison/set-up', { lab: 'default', deployment: true })
  const app = mountInApp(App, { path })
  try {
    for (let round = 0; round < 3; round += 1) {
      await vi.advanceTimersByTimeAsync(300)
      await flushPromises()
      await vi.dynamicImportSettled()
    }
    expect(document.querySelector('odd-element, img, body script')).toBeNull()
    expect(document.querySelector('main')).not.toBeNull()
    // A boundary that was reached shows that a view of ours threw.
    expect(document.querySelector('[data-panel-fault]')?.textContent ?? '').toBe('')
    expect(faults).toEqual([])
  } finally {
    bridge.dispose()
    app.unmount()
    document.body.innerHTML = ''
    onError.mockRestore()
    onWarning.mockRestore()
  }
}
