/**
 * The one implementation of the IPC contract, on top of the lab manager. Electron's IPC server and the browser bridge
 * only carry it: they check who asks, the backend checks what is asked.
 */
import type { Clock } from '../../base/clock.ts'
import { DisposableStore, toDisposable, type Disposable } from '../../base/disposable.ts'
import type { AppInfo, IpcCallName, IpcCalls, Sample } from '../../common/ipc/calls.ts'
import type { IpcReply } from '../../common/ipc/bridge.ts'
import type { IpcEventName, IpcEvents } from '../../common/ipc/events.ts'
import type { IpcStreamName, IpcStreams } from '../../common/ipc/streams.ts'
import { validateCall } from '../../common/ipc/validate-call.ts'
import { toLabErrorData, type LabErrorData } from '../../common/lab-error.ts'
import type { DoctorService } from '../../lab/doctor/doctor.ts'
import type { ExperimentService } from '../../lab/experiments/experiment-service.ts'
import type { LabManager } from '../../lab/lab-manager.ts'
import type { SettingsStore } from '../settings/settings-store.ts'
import { createCallHandlers, type CallHandlers } from './call-handlers.ts'
import type { Support } from './support.ts'
import type { LinkInbox } from './link-inbox.ts'
import { runStream } from './run-stream.ts'
import { TerminalSessions } from './terminals/terminal-sessions.ts'

export interface AppBackendOptions {
  /** Not disposed by the backend: whoever made it owns it. */
  labManager: LabManager
  /** The caller's, too. */
  settings: SettingsStore
  doctor: DoctorService
  /** The caller's, too. */
  experiments: ExperimentService
  support: Support
  /** Absent in a browser, which saves files itself. */
  saveFile?(name: string, archive: Buffer): Promise<string>
  inbox?: LinkInbox
  host: AppInfo['host']
  version: string
  clock: Clock
  readSamples(): Promise<Sample[]>
  /** Shows a folder in the system's file manager; answers whether that worked. Absent where there is none. */
  openFolder?(path: string): Promise<boolean>
}

/** An event with the name it travels under. */
export type AppEvent = { [Name in IpcEventName]: { name: Name; payload: IpcEvents[Name] } }[IpcEventName]

export interface AppStreamHandlers {
  /** The next chunk waits for the promise, so a slow reader slows the source down. */
  onChunk(chunk: IpcStreams[IpcStreamName]['chunk']): void | Promise<void>
  /** Called once, and not after the stream was disposed. */
  onEnd(error?: LabErrorData): void
}

export interface AppBackend extends Disposable {
  /** Never rejects; name and parameters may be anything, since they come from outside. */
  call(name: unknown, parameters: unknown): Promise<IpcReply<IpcCallName>>
  /** Disposing closes the stream; a wrong request ends it at once with the error. */
  openStream(name: unknown, parameters: unknown, handlers: AppStreamHandlers): Disposable
  onEvent(listener: (event: AppEvent) => void): Disposable
}

export function createAppBackend(options: AppBackendOptions): AppBackend {
  const terminals = new TerminalSessions(options.labManager, options.clock)
  const handlers = createCallHandlers({ ...options, terminals })
  const open = new Set<Disposable>()

  const own = (disposable: Disposable): Disposable => {
    const owned = toDisposable(() => {
      open.delete(owned)
      return disposable.dispose()
    })
    open.add(owned)
    return owned
  }

  return {
    async call(name, parameters) {
      try {
        const request = validateCall(name, parameters)
        return { ok: true, result: await dispatch(handlers, request.name, request.parameters) }
      } catch (error) {
        return { ok: false, error: toLabErrorData(error) }
      }
    },

    openStream(name, parameters, streamHandlers) {
      const abort = new AbortController()
      const stream = own(toDisposable(() => abort.abort()))
      void runStream({ ...options, terminals }, name, parameters, streamHandlers, abort.signal).then((error) => {
        if (abort.signal.aborted) return
        void stream.dispose()
        streamHandlers.onEnd(error)
      })
      return stream
    },

    onEvent: (listener) => own(subscribe(options, terminals, listener)),

    async dispose() {
      for (const disposable of [...open]) await disposable.dispose()
      await terminals.dispose()
    },
  }
}

function dispatch<Name extends IpcCallName>(
  handlers: CallHandlers,
  name: Name,
  parameters: IpcCalls[Name]['parameters'],
): Promise<IpcCalls[Name]['result']> {
  return handlers[name](parameters)
}

function subscribe(
  { labManager, settings, doctor, experiments, inbox }: AppBackendOptions,
  terminals: TerminalSessions,
  listener: (event: AppEvent) => void,
): Disposable {
  const owned = new DisposableStore()
  owned.add(settings.onChange((payload) => listener({ name: 'settings/changed', payload })))
  owned.add(doctor.onChange((payload) => listener({ name: 'doctor/changed', payload })))
  owned.add(
    terminals.subscribe({
      onChanged: (payload) => listener({ name: 'terminal/changed', payload }),
      onGone: (lab, terminal) => listener({ name: 'terminal/gone', payload: { lab, terminal } }),
    }),
  )
  owned.add(
    experiments.subscribe({
      onComparisonChanged: (payload) => listener({ name: 'comparison/changed', payload }),
      onExperimentEnded: (payload) => listener({ name: 'experiment/ended', payload }),
    }),
  )
  if (inbox !== undefined) owned.add(inbox.onPut(() => listener({ name: 'app/open-link', payload: {} })))
  const ofLabs = labManager.subscribe({
    onEngineChanged: (payload) => listener({ name: 'engine/changed', payload }),
    onLabChanged: (payload) => listener({ name: 'lab/changed', payload }),
    onLabGone: (lab) => listener({ name: 'lab/gone', payload: { lab } }),
    onNodeChanged: (payload) => listener({ name: 'node/changed', payload }),
    onClusterChanged: (payload) => listener({ name: 'cluster/changed', payload }),
    onTimelineAdded: (lab, entries) => listener({ name: 'timeline/added', payload: { lab, entries } }),
    onActionsAdded: (lab, actions) => listener({ name: 'action/added', payload: { lab, actions } }),
    onTaskChanged: (payload) => listener({ name: 'task/changed', payload }),
  })
  owned.add(ofLabs)
  return owned
}
