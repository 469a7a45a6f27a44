/**
 * The IPC contract in memory: labs whose pods run, crash and back off on timers. For work on screens and for tests of the
 * renderer; it decodes manifests with the real decoder, so verdicts are real, and invents everything else.
 */
import type { IpcReply, NodeLabBridge, StreamHandlers } from '@common/ipc/bridge.ts'
import type { LinkRequest } from '@common/ipc/app-link.ts'
import type { IpcCallName, IpcCalls } from '@common/ipc/calls.ts'
import type { IpcEventName, IpcEvents } from '@common/ipc/events.ts'
import type { IpcStreamName, IpcStreams } from '@common/ipc/streams.ts'
import type { EngineStatus } from '@common/lab/lab-status.ts'
import { toLabErrorData, type LabError } from '@common/lab-error.ts'
import { appHandlers } from './fake/app-handlers.ts'
import { clusterHandlers } from './fake/cluster-handlers.ts'
import { comparisonHandlers } from './fake/comparison-handlers.ts'
import { actionOfCall } from './fake/fake-actions.ts'
import { FakeComparison } from './fake/fake-comparison.ts'
import { FakeDoctor } from './fake/fake-doctor.ts'
import { FakeLab } from './fake/fake-lab.ts'
import { FakeSettings } from './fake/fake-settings.ts'
import { FakeTerminals } from './fake/fake-terminals.ts'
import type { Handlers } from './fake/handlers.ts'
import { labHandlers } from './fake/lab-handlers.ts'
import { manifestHandlers } from './fake/manifest-handlers.ts'
import { nodeHandlers } from './fake/node-handlers.ts'

const ENDPOINT = 'unix:///run/fake.sock'
const ENGINE: EngineStatus = { state: 'ready', endpoint: ENDPOINT, name: 'Docker', version: '28.3.1' }
const NO_ENGINE: EngineStatus = {
  state: 'unreachable',
  endpoint: ENDPOINT,
  message: `Cannot connect to ${ENDPOINT}: no such file. Start Docker, or install it.`,
}

type Streams = {
  [Name in IpcStreamName]: (
    parameters: IpcStreams[Name]['parameters'],
    handlers: StreamHandlers<IpcStreams[Name]['chunk']>,
  ) => () => void
}

/**
 * Scenarios: `story` (eight minutes have been), `large` (20,000 timeline entries of 2,000 pods), `many` (2,000 pods that run on 20
 * nodes), `default`, `empty` (no lab), `labs` (a second one, stopped), `no-engine`, `full` (over twenty pods), `stopped`; `cluster` is `default` with a
 * control plane, `cluster-full` is `full` with one, `cluster-simulated` has 200 simulated nodes, in `cluster-outage` node02's kubelet
 * has been silent for a while, in `cluster-budget` a disruption budget lets no pod of the Deployment go, in `cluster-broken` experiments find what nobody
 * expects, and the last one was cut short.
 */
export function createFakeBridge(scenario: string): FakeBridge {
  return new FakeBridge(scenario)
}

export class FakeBridge implements NodeLabBridge {
  private readonly listeners = new Map<string, Set<(payload: never) => void>>()
  private readonly lab: FakeLab
  private readonly comparison: FakeComparison
  private readonly handlers: Handlers
  /** What `app/take-link` answers, one after the other. */
  readonly links: LinkRequest[] = []
  readonly settings = new FakeSettings((state) => this.emit('settings/changed', state))
  readonly terminals = new FakeTerminals((name, payload) => this.emit(name, payload))
  /** What was asked, in order. */
  readonly calls: { name: IpcCallName; parameters: unknown }[] = []
  /** Set by a test: the next call of that name fails with it. */
  readonly failures = new Map<IpcCallName, LabError>()

  constructor(scenario: string) {
    const { links, settings, terminals } = this
    const engine = scenario === 'no-engine' ? NO_ENGINE : ENGINE
    const doctor = new FakeDoctor(scenario, engine, (report) => this.emit('doctor/changed', report))
    this.lab = new FakeLab(scenario, (name, payload) => this.emit(name, payload))
    this.comparison = new FakeComparison(this.lab, scenario === 'cluster-broken')
    this.handlers = {
      ...appHandlers(this.lab, { engine, links, doctor, settings, terminals }),
      ...labHandlers(this.lab),
      ...nodeHandlers(this.lab),
      ...clusterHandlers(this.lab),
      ...manifestHandlers(this.lab),
      ...comparisonHandlers(this.comparison),
    }
  }

  async call<Name extends IpcCallName>(name: Name, parameters: IpcCalls[Name]['parameters']): Promise<IpcReply<Name>> {
    this.calls.push({ name, parameters })
    const failure = this.failures.get(name)
    this.failures.delete(name)
    try {
      if (failure !== undefined) throw failure
      const draft = actionOfCall(name, parameters)
      if (draft !== undefined) this.lab.recordAction(draft)
      // Plain data alone crosses a real bridge.
      return { ok: true, result: structuredClone(await this.handlers[name](parameters)) }
    } catch (error) {
      return { ok: false, error: toLabErrorData(error) }
    }
  }

  on: NodeLabBridge['on'] = (name, listener) => {
    const ofName = this.listeners.get(name) ?? new Set()
    this.listeners.set(name, ofName)
    ofName.add(listener)
    return () => void ofName.delete(listener)
  }

  openStream<Name extends IpcStreamName>(
    name: Name,
    parameters: IpcStreams[Name]['parameters'],
    handlers: StreamHandlers<IpcStreams[Name]['chunk']>,
  ): () => void {
    const streams: Streams = {
      'pod/logs': (request, reader) =>
        this.lab.nodes.get(request.node)?.openLog(request, reader) ?? ((): void => undefined),
      'terminal/output': ({ terminal, from = 0 }, reader) => this.terminals.read(terminal, from, reader),
    }
    return streams[name](parameters, handlers)
  }

  onStateChange: NodeLabBridge['onStateChange'] = (listener) => {
    listener('open')
    return () => undefined
  }

  pathForFile(): null {
    return null
  }

  emit<Name extends IpcEventName>(name: Name, payload: IpcEvents[Name]): void {
    for (const listener of this.listeners.get(name) ?? []) listener(structuredClone(payload) as never)
  }

  /** Stops all timers. */
  dispose(): void {
    this.comparison.dispose()
    this.lab.dispose()
  }
}
