/** What each call of the IPC contract does: one line each to the lab manager. Parameters have been validated. */
import type { AppInfo, IpcCallName, IpcCalls, Sample } from '../../common/ipc/calls.ts'
import { LabError } from '../../common/lab-error.ts'
import { readArchiveFile } from '../../lab/archive/read-archive-file.ts'
import type { DoctorService } from '../../lab/doctor/doctor.ts'
import type { ExperimentService } from '../../lab/experiments/experiment-service.ts'
import type { LabManager } from '../../lab/lab-manager.ts'
import type { Support } from './support.ts'
import type { LinkInbox } from './link-inbox.ts'
import type { SettingsStore } from '../settings/settings-store.ts'
import type { TerminalSessions } from './terminals/terminal-sessions.ts'

export type CallHandlers = {
  [Name in IpcCallName]: (parameters: IpcCalls[Name]['parameters']) => Promise<IpcCalls[Name]['result']>
}

export interface CallHandlerDependencies {
  labManager: LabManager
  settings: SettingsStore
  doctor: DoctorService
  experiments: ExperimentService
  support: Support
  /** Writes a file where the user finds it, and answers where; absent in a browser, which saves it itself. */
  saveFile?(name: string, archive: Buffer): Promise<string>
  terminals: TerminalSessions
  /** Absent where nobody can send a link. */
  inbox?: LinkInbox
  host: AppInfo['host']
  version: string
  readSamples(): Promise<Sample[]>
  openFolder?(path: string): Promise<boolean>
}

interface HandedOver {
  sizeBytes: number
  path: string | null
  content: string | null
}

export function createCallHandlers(dependencies: CallHandlerDependencies): CallHandlers {
  const {
    labManager,
    experiments,
    terminals,
    settings,
    doctor,
    support,
    saveFile,
    inbox,
    host,
    version,
    readSamples,
    openFolder,
  } = dependencies
  const handOver = async (name: string, archive: Buffer): Promise<HandedOver> => {
    const saved = saveFile === undefined ? undefined : await saveFile(name, archive)
    const content = saved === undefined ? archive.toString('base64') : null
    return { sizeBytes: archive.length, path: saved ?? null, content }
  }
  return {
    'app/info': async () => ({ version, platform: process.platform, host, home: labManager.home }),
    'app/take-link': async () => inbox?.take() ?? null,
    'engine/status': () => labManager.engineStatus(),
    'lab/list': () => labManager.listLabs(),
    'lab/up': ({ lab, ...options }) => labManager.up(lab, options),
    'lab/down': ({ lab }) => labManager.down(lab),
    'lab/delete': ({ lab }) => nothing(labManager.delete(lab)),
    'lab/rename': ({ lab, name }) => labManager.renameLab(lab, name),
    'lab/clone': ({ lab, name, ...options }) => labManager.cloneLab(lab, name, options),
    'lab/export': async ({ lab }) => {
      const { archive, ...summary } = await labManager.exportLab(lab)
      return { ...summary, ...(await handOver(summary.name, archive)) }
    },
    'lab/import': async ({ content, path, ...options }) => {
      if ((content === undefined) === (path === undefined))
        throw new LabError({ kind: 'BadRequest', message: 'lab/import: has to have either content or a path' })
      const file = path === undefined ? Buffer.from(content ?? '', 'base64') : await readArchiveFile(path)
      return labManager.importLab(file, options)
    },
    'control-plane/set': ({ lab, scheduleDaemonSetPods }) => labManager.setScheduling(lab, scheduleDaemonSetPods),
    'node/views': ({ lab }) => labManager.views(lab),
    'cluster/view': async ({ lab }) => (await labManager.clusterView(lab)) ?? null,
    'cluster/delete-pod': ({ lab, namespace, pod }) => nothing(labManager.deleteApiPod(lab, namespace, pod)),
    'cluster/node-pods': (target) => labManager.apiPodsOf(target),
    'cluster/pod-events': ({ lab, namespace, pod }) => labManager.apiPodEvents(lab, namespace, pod),
    'node/add': ({ lab, node }) => labManager.addNode(lab, node),
    'node/remove': (target) => labManager.removeNode(target),
    'node/start': (target) => labManager.startNode(target),
    'node/stop': (target) => labManager.stopNode(target),
    'node/power-off': (target) => labManager.powerOffNode(target),
    'node/containers': (target) => labManager.nodeContainers(target),
    'node/set-schedulable': ({ schedulable, ...target }) => nothing(labManager.setSchedulable(target, schedulable)),
    'node/drain': (target) => labManager.drainNode(target),
    'node/start-kubelet': (target) => nothing(labManager.startKubelet(target)),
    'node/stop-kubelet': (target) => nothing(labManager.stopKubelet(target)),
    'node/settings': (target) => labManager.nodeSettings(target),
    'node/change-settings': ({ change, ...target }) => labManager.changeNodeSettings(target, change),
    'component/list': ({ lab }) => labManager.components(lab),
    'component/start': ({ lab, component }) => nothing(labManager.startComponent(lab, component)),
    'component/stop': ({ lab, component }) => nothing(labManager.stopComponent(lab, component)),
    'node/restart-kubelet': (target) => nothing(labManager.restartKubelet(target)),
    'node/open-folder': async (target) => {
      const path = await labManager.manifestsPath(target)
      return { path, opened: openFolder === undefined ? false : await openFolder(path) }
    },
    'manifest/read': async ({ name, ...target }) => ({ content: await labManager.readManifest(target, name) }),
    'manifest/apply': ({ name, content, replace, ...target }) =>
      labManager.applyManifest(target, name, content, { by: 'window', ...(replace !== undefined && { replace }) }),
    'manifest/remove': ({ name, ...target }) => nothing(labManager.removeManifest(target, name, { by: 'window' })),
    'simulated/add': ({ lab, count }) => labManager.addSimulatedNodes(lab, count),
    'simulated/remove': ({ lab }) => labManager.removeSimulatedNodes(lab),
    'image/missing': ({ images }) => labManager.missingImages(images),
    'manifest/history': ({ name, ...target }) => labManager.manifestHistory(target, name),
    'manifest/version': async ({ name, version, ...target }) => ({
      content: await labManager.manifestVersion(target, name, version),
    }),
    'sample/list': () => readSamples(),
    'pod/crash': (target) => labManager.crash(target),
    'terminal/open': (parameters) => terminals.open(parameters),
    'terminal/list': async ({ lab }) => terminals.list(lab),
    'terminal/input': async ({ terminal, data }) => {
      terminals.input(terminal, data)
      return null
    },
    'terminal/resize': async ({ terminal, ...size }) => {
      terminals.resize(terminal, size)
      return null
    },
    'terminal/close': ({ terminal }) => nothing(terminals.close(terminal)),
    'timeline/list': ({ lab, node }) => labManager.timeline(lab, node === undefined ? {} : { node }),
    'doctor/report': async () => doctor.report ?? null,
    'doctor/run': () => doctor.run(),
    'doctor/mend': ({ mend }) => doctor.mend(mend),
    'action/list': ({ lab }) => labManager.actions(lab),
    'logs/collect': async () => {
      const { name, archive } = await support.collectLogs()
      return { name, ...(await handOver(name, archive)) }
    },
    'reset/plan': () => support.planReset(),
    'reset/run': (options) => support.runReset(options),
    'experiment/list': () => experiments.list(),
    'experiment/run': ({ lab, experiment, ...options }) => experiments.start(lab, experiment, options),
    'experiment/results': ({ lab }) => experiments.results(lab),
    'experiment/forget': ({ lab }) => nothing(experiments.forget(lab)),
    'comparison/state': ({ lab }) => experiments.state(lab),
    'comparison/set-up': ({ lab, deployment }) => experiments.setUp(lab, { deployment }),
    'comparison/remove': ({ lab }) => experiments.remove(lab),
    'settings/read': () => settings.read(),
    'settings/write': ({ change, replaceBroken }) => settings.write(change, replaceBroken === true),
    'task/list': async () => labManager.tasks(),
    'task/cancel': async ({ id }) => {
      labManager.cancelTask(id)
      return null
    },
  }
}

/** The contract says `null` where there is no result, since `undefined` does not survive JSON. */
async function nothing(work: Promise<void>): Promise<null> {
  await work
  return null
}
