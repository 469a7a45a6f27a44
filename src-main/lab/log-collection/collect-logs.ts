/** What somebody who helps needs to see, without what nobody else may see: one archive with secrets left out. */
import type { Clock } from '../../base/clock.ts'
import { CONTAINER_NAME_LABEL, POD_NAME_LABEL, POD_NAMESPACE_LABEL } from '../../common/api/kubelet-labels.ts'
import { formatReport } from '../../common/doctor/doctor-report.ts'
import { LAB_LABEL, NODE_LABEL, ROLE_LABEL } from '../../common/engine-labels.ts'
import { CONTROL_PLANE_COMPONENTS } from '../../common/lab/control-plane-components.ts'
import type { LabStatus } from '../../common/lab/lab-status.ts'
import { KUBELET_JOURNAL_PATH } from '../../common/node-channel.ts'
import { COMMAND_SECONDS, runOnNode } from '../control-plane/run-on-node.ts'
import type { DoctorService } from '../doctor/doctor.ts'
import { connectEngine } from '../engine/connect-engine.ts'
import type { Engine, EngineContainer } from '../engine/engine.ts'
import type { LabManager, OnProgress } from '../lab-manager.ts'
import { HomeLayout } from '../store/home.ts'
import { LabStore } from '../store/lab-store.ts'
import { readIfThere } from '../store/read-if-there.ts'
import { leaveOutSecrets } from './leave-out-secrets.ts'
import { writeLogArchive, type LogFile } from './write-log-archive.ts'

/** The end of a log is where it went wrong. */
const LAST_BYTES = 1_000_000
const LAST_LINES = 5_000

export interface CollectedLogs {
  /** File name, with the time in it. */
  name: string
  archive: Buffer
}

export interface CollectOptions {
  manager: Pick<LabManager, 'home' | 'listLabs' | 'timeline'>
  doctor: Pick<DoctorService, 'run'>
  clock: Clock
  onProgress?: OnProgress
  /** Replaced in tests. */
  connect?: () => Promise<Engine>
}

/** What cannot be read is named in `problems.txt`; the rest is there all the same. */
export async function collectLogs({
  manager,
  doctor,
  clock,
  onProgress,
  connect = connectEngine,
}: CollectOptions): Promise<CollectedLogs> {
  const name = `node-lab-logs-${new Date(clock.now()).toISOString().slice(0, 19).replaceAll(/[T:]/g, '-')}`
  const collection = new LogCollection()
  onProgress?.({ message: 'asking the doctor' })
  await collection.add('doctor.txt', async () => formatReport(await doctor.run()).join('\n'))
  const layout = new HomeLayout(manager.home)
  await collection.add('settings.json', () => readEnd(layout.settingsFile))
  await collection.add('app.log', () => readEnd(layout.appLog))
  const labs = await findLabs(collection, manager, layout)
  const engine = await connect().catch((error: unknown) => collection.note('engine', error))
  try {
    for (const lab of labs) {
      onProgress?.({ message: `collecting the logs of the lab ${lab.name}` })
      const collected = collectLab(collection, { manager, layout, engine, lab })
      await collected.catch((error: unknown) => collection.note(`labs/${lab.name}`, error))
    }
  } finally {
    await engine?.dispose()
  }
  return { name: `${name}.tar.gz`, archive: await writeLogArchive(name, collection.finish(), clock.now()) }
}

class LogCollection {
  readonly #files: LogFile[] = []
  readonly #problems: string[] = []

  async add(name: string, read: () => Promise<string | undefined>): Promise<void> {
    try {
      const text = await read()
      if (text !== undefined) this.#files.push({ name, text: leaveOutSecrets(text) })
    } catch (error) {
      this.note(name, error)
    }
  }

  note(what: string, error: unknown): undefined {
    this.#problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}`)
  }

  finish(): LogFile[] {
    if (this.#problems.length === 0) return this.#files
    return [...this.#files, { name: 'problems.txt', text: leaveOutSecrets(this.#problems.join('\n')) }]
  }
}

/** One lab whose status cannot be told hides those of all: then their folders are what is known. */
async function findLabs(
  collection: LogCollection,
  manager: CollectOptions['manager'],
  layout: HomeLayout,
): Promise<KnownLab[]> {
  try {
    return (await manager.listLabs()).map((status) => ({ name: status.name, status }))
  } catch (error) {
    collection.note('status of the labs', error)
  }
  try {
    return (await new LabStore(layout).list()).map((name) => ({ name }))
  } catch (error) {
    collection.note('labs', error)
    return []
  }
}

interface KnownLab {
  name: string
  status?: LabStatus
}

interface LabSources {
  manager: CollectOptions['manager']
  layout: HomeLayout
  engine: Engine | undefined
  lab: KnownLab
}

async function collectLab(collection: LogCollection, { manager, layout, engine, lab }: LabSources): Promise<void> {
  const folder = `labs/${lab.name}`
  await collection.add(`${folder}/lab.yaml`, () => readEnd(layout.labFile(lab.name)))
  await collection.add(`${folder}/status.json`, async () =>
    lab.status === undefined ? undefined : JSON.stringify(lab.status, undefined, 2),
  )
  await collection.add(`${folder}/timeline.json`, async () =>
    (await manager.timeline(lab.name))
      .map((entry) => JSON.stringify(entry))
      .slice(-LAST_LINES)
      .join('\n'),
  )
  if (engine === undefined) return
  const containers = await engine.listContainers({ [LAB_LABEL]: lab.name })
  for (const { id, name, state, labels } of containers) {
    const node = `${folder}/nodes/${labels[NODE_LABEL] ?? 'unknown'}`
    const role = labels[ROLE_LABEL]
    const printed = (): Promise<string> => engine.containerLogs(id, { tailLines: LAST_LINES })
    if (role === 'node' || role === 'runtime' || role === 'simulated')
      await collection.add(`${node}/${role}.log`, printed)
    if (role === 'node' && state === 'running')
      await collection.add(`${node}/kubelet.log`, () => readJournal(engine, name))
    const component = role === 'container' ? findComponent(labels, lab.status?.apiServer?.node) : undefined
    if (component !== undefined)
      await collection.add(`${folder}/kube-system/${component}-${id.slice(0, 8)}.log`, printed)
  }
}

/** Containers of the learner's own pods are not looked into, in whatever namespace: what they print is theirs. */
function findComponent(labels: EngineContainer['labels'], controlPlane: string | undefined): string | undefined {
  if (controlPlane === undefined || labels[NODE_LABEL] !== controlPlane) return undefined
  if (labels[POD_NAMESPACE_LABEL] !== 'kube-system') return undefined
  return CONTROL_PLANE_COMPONENTS.find(
    (component) =>
      labels[CONTAINER_NAME_LABEL] === component && labels[POD_NAME_LABEL] === `${component}-${controlPlane}`,
  )
}

async function readJournal(engine: Engine, container: string): Promise<string> {
  const command = ['tail', '-c', String(LAST_BYTES), KUBELET_JOURNAL_PATH]
  const { stdout, stderr, exitCode } = await runOnNode(engine, container, command, { timeoutSeconds: COMMAND_SECONDS })
  if (exitCode !== 0) throw new Error(stderr.trim())
  return stdout
}

/** `undefined` for a file that is not there, which is no problem: nobody has set or logged anything. */
async function readEnd(file: string): Promise<string | undefined> {
  return (await readIfThere(file))?.subarray(-LAST_BYTES).toString('utf8')
}
