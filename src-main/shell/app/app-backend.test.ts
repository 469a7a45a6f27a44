import { describe, expect, it } from 'vitest'
import { FakeClock, settle } from '../../base/testing/fake-clock.ts'
import type { IpcCallName } from '../../common/ipc/calls.ts'
import type { LabErrorData } from '../../common/lab-error.ts'
import { FakeLabManager } from '../testing/fake-lab-manager.ts'
import { FakeDoctor } from '../testing/fake-doctor.ts'
import { FakeExperiments } from '../testing/fake-experiments.ts'
import { FakeSupport } from '../testing/fake-support.ts'
import { MemorySettings } from '../testing/memory-settings.ts'
import { createAppBackend, type AppBackend, type AppEvent } from './app-backend.ts'

interface Setting {
  labManager: FakeLabManager
  experiments: FakeExperiments
  settings: MemorySettings
  clock: FakeClock
  backend: AppBackend
}

function aBackend(): Setting {
  const labManager = new FakeLabManager()
  const settings = new MemorySettings()
  const clock = new FakeClock()
  const experiments = new FakeExperiments()
  const backend = createAppBackend({
    labManager,
    settings,
    doctor: new FakeDoctor(),
    experiments,
    support: new FakeSupport(),
    host: 'browser',
    version: '1.2.3',
    clock,
    readSamples: async () => [{ name: 'web.yaml', id: 'web', content: 'kind: Pod' }],
  })
  return { labManager, experiments, settings, clock, backend }
}

const target = { lab: 'default', node: 'node01' }
const container = { ...target, namespace: 'default', pod: 'web-node01' }

/** One right request for each call: a call without one does not compile. */
const REQUESTS: Record<IpcCallName, object> = {
  'app/info': {},
  'app/take-link': {},
  'engine/status': {},
  'lab/list': {},
  'lab/up': { lab: 'default', nodes: 2 },
  'lab/down': { lab: 'default' },
  'lab/delete': { lab: 'default' },
  'lab/rename': { lab: 'default', name: 'other' },
  'lab/clone': { lab: 'default', name: 'other', up: true },
  'lab/export': { lab: 'default' },
  'lab/import': { content: 'YWJj', name: 'other' },
  'control-plane/set': { lab: 'default', scheduleDaemonSetPods: false },
  'node/views': { lab: 'default' },
  'cluster/view': { lab: 'default' },
  'cluster/delete-pod': { lab: 'default', namespace: 'default', pod: 'web-node01' },
  'cluster/node-pods': target,
  'cluster/pod-events': { lab: 'default', namespace: 'default', pod: 'web-node01' },
  'node/add': { lab: 'default' },
  'node/remove': target,
  'node/start': target,
  'node/stop': target,
  'node/power-off': target,
  'node/containers': target,
  'node/set-schedulable': { ...target, schedulable: false },
  'node/drain': target,
  'node/start-kubelet': target,
  'node/stop-kubelet': target,
  'node/settings': target,
  'node/change-settings': { ...target, change: { maxPods: '20', labels: null } },
  'component/list': { lab: 'default' },
  'component/start': { lab: 'default', component: 'kube-scheduler' },
  'component/stop': { lab: 'default', component: 'kube-scheduler' },
  'node/restart-kubelet': target,
  'node/open-folder': target,
  'manifest/read': { ...target, name: 'web.yaml' },
  'manifest/apply': { ...target, name: 'web.yaml', content: 'kind: Pod', replace: true },
  'manifest/remove': { ...target, name: 'web.yaml' },
  'simulated/add': { lab: 'default', count: 3 },
  'simulated/remove': { lab: 'default' },
  'image/missing': { images: ['nginx'] },
  'manifest/history': { ...target, name: 'web.yaml' },
  'manifest/version': { ...target, name: 'web.yaml', version: '20260101T000000000Z-0badcafe' },
  'sample/list': {},
  'pod/crash': container,
  'terminal/open': { lab: 'default', target: { kind: 'node', node: 'node01' }, columns: 80, rows: 24 },
  'terminal/list': { lab: 'default' },
  'terminal/input': { terminal: 'aaaaaaaaaaaaaaaaaaaaaa', data: 'ls' },
  'terminal/resize': { terminal: 'aaaaaaaaaaaaaaaaaaaaaa', columns: 80, rows: 24 },
  'terminal/close': { terminal: 'aaaaaaaaaaaaaaaaaaaaaa' },
  'timeline/list': { lab: 'default' },
  'doctor/report': {},
  'doctor/run': {},
  'doctor/mend': { mend: 'load-images' },
  'action/list': { lab: 'default' },
  'logs/collect': {},
  'reset/plan': {},
  'reset/run': { labs: ['default'], settings: true, images: false },
  'experiment/list': {},
  'experiment/run': { lab: 'default', experiment: 'delete-pod', deployment: true },
  'experiment/results': { lab: 'default' },
  'experiment/forget': { lab: 'default' },
  'comparison/state': { lab: 'default' },
  'comparison/set-up': { lab: 'default', deployment: false },
  'comparison/remove': { lab: 'default' },
  'settings/read': {},
  'settings/write': { change: { theme: 'dark' } },
  'task/list': {},
  'task/cancel': { id: '1-1' },
}

/** These are of a terminal that is open: terminal-sessions.test.ts opens one. */
const OF_A_TERMINAL = ['terminal/input', 'terminal/resize']

describe('calls', () => {
  it.each(Object.entries(REQUESTS).filter(([name]) => !OF_A_TERMINAL.includes(name)))(
    'given a right request, when %s is called, then it is answered',
    async (name, parameters) => {
      const { labManager, backend } = aBackend()
      labManager.manifests.set('node01/web.yaml', 'kind: Pod')
      const reply = await backend.call(name, parameters)
      expect(reply).toMatchObject({ ok: true })
      // What travels as JSON has to survive it.
      expect(JSON.parse(JSON.stringify(reply))).toEqual(reply)
    },
  )

  it.each(Object.keys(REQUESTS))('given an unknown field, when %s is called, then it is a BadRequest', async (name) => {
    const { labManager, backend } = aBackend()
    const reply = await backend.call(name, { ...REQUESTS[name as IpcCallName], bogus: 1 })
    expect(reply).toMatchObject({ ok: false, error: { kind: 'BadRequest' } })
    expect(labManager.requests).toEqual([])
  })

  it.each(['nonsense', 'constructor', '__proto__', 'toString', '', 42, null, undefined])(
    'given the name %j, when called, then it is a BadRequest',
    async (name) => {
      expect(await aBackend().backend.call(name, {})).toMatchObject({ ok: false, error: { kind: 'BadRequest' } })
    },
  )

  it('given a manifest, when applied twice and read, then it is written, replaced and read back', async () => {
    const { backend } = aBackend()
    const apply = { ...target, name: 'web.yaml', content: 'kind: Pod' }
    expect(await backend.call('manifest/apply', apply)).toMatchObject({ result: { name: 'web.yaml', replaced: false } })
    expect(await backend.call('manifest/apply', apply)).toMatchObject({ result: { replaced: true } })
    expect(await backend.call('manifest/read', { ...target, name: 'web.yaml' })).toEqual({
      ok: true,
      result: { content: 'kind: Pod' },
    })
  })

  it('given something that is not there, when asked for, then the error keeps its kind', async () => {
    const { backend } = aBackend()
    const reply = await backend.call('manifest/read', { ...target, name: 'none.yaml' })
    expect(reply).toEqual({ ok: false, error: { kind: 'NotFound', message: 'There is no none.yaml on node01.' } })
  })

  it('given a shell without a file manager, when a folder is to be opened, then its path is the answer', async () => {
    expect(await aBackend().backend.call('node/open-folder', target)).toEqual({
      ok: true,
      result: { path: '/fake/home/labs/default/nodes/node01/manifests', opened: false },
    })
  })
})

describe('settings', () => {
  it('given a listener, when a setting is written, then it is told, and a default can be had again', async () => {
    const { settings, backend } = aBackend()
    const heard: AppEvent[] = []
    const listening = backend.onEvent((event) => void heard.push(event))
    await backend.call('settings/write', { change: { zoomLevel: 2 } })
    const reply = await backend.call('settings/write', { change: { theme: 'dark', zoomLevel: null } })
    expect(reply).toMatchObject({ ok: true, result: { chosen: ['theme'], settings: { theme: 'dark', zoomLevel: 0 } } })
    expect(heard.map(({ name }) => name)).toEqual(['settings/changed', 'settings/changed'])
    await listening.dispose()
    expect(settings.listeners.size).toBe(0)
  })

  it.each<[object, string]>([
    [{ theme: 'pink' }, 'theme has to be one of system, light, dark, contrast'],
    [{ zoomLevel: 4 }, 'zoomLevel has to be a whole number from -3 to 3'],
    [{ tray: 'yes' }, 'tray has to be true or false'],
    [{ policy: 'none' }, 'has no setting "policy"'],
  ])('given %j, when written, then it is refused and nothing is written', async (change, fault) => {
    const { settings, backend } = aBackend()
    const reply = await backend.call('settings/write', { change })
    expect(reply).toMatchObject({ ok: false, error: { kind: 'BadRequest' } })
    expect(JSON.stringify(reply)).toContain(JSON.stringify(fault).slice(1, -1))
    expect(settings.state.chosen).toEqual([])
  })
})

describe('events', () => {
  it('given a listener, when an experiment takes a step and ends, then it is told; when disposed, then no more', async () => {
    const { experiments, backend } = aBackend()
    const heard: AppEvent[] = []
    const listening = backend.onEvent((event) => void heard.push(event))
    await backend.call('experiment/run', { lab: 'default', experiment: 'delete-pod' })
    expect(heard.map(({ name }) => name)).toEqual(['comparison/changed', 'experiment/ended'])
    await listening.dispose()
    expect(experiments.listeners.size).toBe(0)
  })

  it('given two listeners, when the lab manager reports, then both hear; when disposed, then none', async () => {
    const { labManager, backend } = aBackend()
    const heard: AppEvent[][] = [[], []]
    for (const events of heard) backend.onEvent((event) => void events.push(event))
    for (const listener of labManager.listeners) listener.onLabGone?.('default')
    expect(heard).toEqual([
      [{ name: 'lab/gone', payload: { lab: 'default' } }],
      [{ name: 'lab/gone', payload: { lab: 'default' } }],
    ])
    await backend.dispose()
    expect(labManager.listeners.size).toBe(0)
    expect(labManager.disposed).toBe(false)
  })
})

describe('streams', () => {
  function open(
    { backend }: Setting,
    parameters: unknown,
  ): { chunks: unknown[]; ends: (LabErrorData | undefined)[]; close: () => void | Promise<void> } {
    const chunks: unknown[] = []
    const ends: (LabErrorData | undefined)[] = []
    const stream = backend.openStream('pod/logs', parameters, {
      onChunk: (chunk) => void chunks.push(chunk),
      onEnd: (error) => void ends.push(error),
    })
    return { chunks, ends, close: () => stream.dispose() }
  }

  it('given a log, when it is read to its end, then its text and a normal end arrive', async () => {
    const setting = aBackend()
    const { chunks, ends } = open(setting, container)
    await setting.clock.advance(100)
    expect({ chunks, ends }).toEqual({ chunks: ['a line\n'], ends: [undefined] })
    expect(setting.labManager.requests).toEqual([['logs', true]])
    expect(setting.clock.pendingTimers).toBe(0)
  })

  it('given the log of the instance before, when opened, then it is not followed', async () => {
    const setting = aBackend()
    open(setting, { ...container, previous: true })
    await settle()
    expect(setting.labManager.requests).toEqual([['logs', false]])
  })

  it('given wrong parameters or an unknown stream, when opened, then it ends with a BadRequest', async () => {
    const setting = aBackend()
    const { ends } = open(setting, { ...container, tailLines: 'many' })
    setting.backend.openStream('pod/shell', container, {
      onChunk: () => undefined,
      onEnd: (error) => void ends.push(error),
    })
    await settle()
    expect(ends.map((error) => error?.kind)).toEqual(['BadRequest', 'BadRequest'])
    expect(setting.labManager.requests).toEqual([])
  })

  it('given a log that is followed, when the stream is closed, then the source is told and nothing more arrives', async () => {
    const setting = aBackend()
    let aborted = false
    setting.labManager.logSource = async function* ({ signal }) {
      yield 'a line\n'
      await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()))
      aborted = true
      yield 'too late\n'
    }
    const { chunks, ends, close } = open(setting, container)
    await setting.clock.advance(16)
    await close()
    await setting.clock.advance(1000)
    expect({ aborted, chunks, ends }).toEqual({ aborted: true, chunks: ['a line\n'], ends: [] })
  })

  it('given a log that breaks, when it does, then the end has the error', async () => {
    const setting = aBackend()
    setting.labManager.logSource = async function* () {
      yield 'a line\n'
      throw new Error('the node has gone')
    }
    const { chunks, ends } = open(setting, container)
    await settle()
    expect({ chunks, ends }).toEqual({
      chunks: ['a line\n'],
      ends: [{ kind: 'Internal', message: 'the node has gone' }],
    })
  })

  it('given open streams, when the backend is disposed, then their sources are told', async () => {
    const setting = aBackend()
    const signals: (AbortSignal | undefined)[] = []
    setting.labManager.logSource = async function* ({ signal }) {
      signals.push(signal)
      await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()))
      yield ''
    }
    open(setting, container)
    open(setting, container)
    await settle()
    await setting.backend.dispose()
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, true])
  })
})
