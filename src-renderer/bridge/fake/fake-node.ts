/** One node of the in-memory bridge: files, verdicts, and pods on timers. */
import type { StreamHandlers } from '@common/ipc/bridge.ts'
import type { ContainerTarget } from '@common/ipc/calls.ts'
import type { FileVerdict } from '@common/lab/file-verdict.ts'
import type { NodeContainer } from '@common/lab/node-container.ts'
import type { NodeStatus, NodeView } from '@common/lab/lab-status.ts'
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import { LabError } from '@common/lab-error.ts'
import { decodeManifest } from '@common/manifest/decode-manifest.ts'
import { CONTROL_PLANE_NODE } from './fake-cluster.ts'
import { FakeHistory } from './fake-history.ts'
import { FakeNodeSettings } from './fake-node-settings.ts'
import { FakePod } from './fake-pod.ts'

const FOLDER = '/etc/kubernetes/manifests'
const LOG_LINE_MS = 1_000

export interface FakeNodeEvents {
  onView(view: NodeView): void
  onEntries(entries: TimelineEntry[]): void
}

interface FakeFile {
  content: string
  verdict: FileVerdict
}

export class FakeNode {
  readonly name: string
  readonly entries: TimelineEntry[] = []
  readonly history = new FakeHistory()
  readonly settings = new FakeNodeSettings()
  private readonly events: FakeNodeEvents
  private readonly files = new Map<string, FakeFile>()
  private readonly pods = new Map<string, FakePod>()
  private isOn = true
  private isKubeletOn = true
  private sequence = 0
  /** While it is filled, nothing is told. */
  private isSilent = false

  constructor(name: string, events: FakeNodeEvents) {
    this.name = name
    this.events = events
    this.record({ subject: 'kubelet', reason: 'KubeletStarted', message: 'Starting kubelet.', type: 'Normal' })
  }

  status(address: string): NodeStatus {
    return {
      name: this.name,
      role: this.name === CONTROL_PLANE_NODE ? 'control-plane' : 'worker',
      address,
      state: this.isOn ? 'running' : 'stopped',
      kubelet: this.isOn && this.isKubeletOn ? 'running' : 'stopped',
      runtimeService: this.isOn ? 'running' : 'stopped',
      manifestsPath: `/home/learner/.local/share/node-lab/labs/default/nodes/${this.name}/manifests`,
      watchesMountedFolder: true,
    }
  }

  /** Of a node whose kubelet is away nobody tells the pods. */
  view(): NodeView {
    const isHeard = this.isOn && this.isKubeletOn
    return {
      lab: 'default',
      node: this.name,
      files: [...this.files.values()].map(({ verdict }) => (isHeard ? verdict : unread(verdict))),
      pods: isHeard ? [...this.pods.values()].map((pod) => pod.pod()) : [],
      observedAt: new Date().toISOString(),
    }
  }

  /** Files whose pods run already, without the story of how they came. */
  fill(files: Readonly<Record<string, string>>): void {
    this.isSilent = true
    for (const [name, content] of Object.entries(files)) this.write(name, content)
    for (const pod of this.pods.values()) pod.runAtOnce()
    this.isSilent = false
  }

  /** `systemctl stop kubelet`: nobody can be asked any more. */
  stopKubelet(): void {
    this.isKubeletOn = false
    this.publish()
  }

  startKubelet(): void {
    this.isKubeletOn = true
    this.record({ subject: 'kubelet', reason: 'KubeletStarted', message: 'Starting kubelet.', type: 'Normal' })
    this.publish()
  }

  has(name: string): boolean {
    return this.files.has(name)
  }

  /** As the engine would list them. */
  containers(): NodeContainer[] {
    return [...this.pods.values()].flatMap((one) => {
      const { metadata, status } = one.pod()
      return (status?.containerStatuses ?? []).map(({ name, containerID = '', state }) => ({
        namespace: metadata.namespace ?? 'default',
        pod: metadata.name ?? '',
        container: name,
        id: containerID.slice(containerID.lastIndexOf('/') + 1),
        isRunning: this.isOn && state?.running !== undefined,
      }))
    })
  }

  powerOff(): void {
    this.isOn = false
    for (const pod of this.pods.values()) pod.stop()
    this.pods.clear()
    this.publish()
  }

  powerOn(): void {
    if (this.isOn) return
    this.isOn = true
    this.isKubeletOn = true
    for (const [name, { content }] of [...this.files]) this.write(name, content)
  }

  read(name: string): string {
    return this.need(name).content
  }

  apply(name: string, content: string, replace: boolean): { name: string; replaced: boolean } {
    const replaced = this.files.has(name)
    if (replaced && !replace) {
      throw new LabError({ kind: 'AlreadyExists', message: `${FOLDER}/${name} exists already on ${this.name}.` })
    }
    if (replaced) this.stopPodOf(name)
    this.history.record(name, content, 'window')
    this.write(name, content)
    return { name, replaced }
  }

  remove(name: string): void {
    this.need(name)
    this.stopPodOf(name)
    this.files.delete(name)
    this.history.record(name, undefined, 'window')
    if (!this.isOn) return this.publish()
    this.record({
      subject: 'file',
      reason: 'FileGone',
      message: `${FOLDER}/${name} is gone`,
      file: name,
      type: 'Normal',
    })
    this.publish()
  }

  crash(name: string, container: string | undefined): string {
    const pod = this.pods.get(name)
    if (pod === undefined) throw new LabError({ kind: 'NotFound', message: `${this.name} has no pod "${name}".` })
    return pod.crash(container)
  }

  write(name: string, content: string): void {
    this.history.record(name, content, 'outside')
    const path = `${FOLDER}/${name}`
    const now = new Date().toISOString()
    const decoded = decodeManifest(new TextEncoder().encode(content), { path, nodeName: this.name })
    const common = {
      name,
      path,
      sizeBytes: content.length,
      modifiedAt: now,
      observedAt: now,
      warnings: decoded.warnings,
    }
    if (!decoded.ok) {
      const { ok: _ok, apiVersion, ...fault } = decoded
      const verdict: FileVerdict = {
        ...common,
        ...fault,
        state: 'rejected',
        ...(apiVersion && { manifestAPIVersion: apiVersion }),
      }
      this.files.set(name, { content, verdict })
      if (!this.isOn) return this.publish()
      this.record({ subject: 'file', reason: 'FileRejected', message: fault.message, file: name, type: 'Warning' })
      return this.publish()
    }
    const podName = `${decoded.pod.metadata.name}-${this.name}`
    const namespace = decoded.pod.metadata.namespace ?? 'default'
    const uid = `${hash(path + content + this.name)}${hash(content)}`.padEnd(32, '0')
    const verdict: FileVerdict = {
      ...common,
      state: 'accepted',
      reason: 'Pod',
      message: '',
      explanation: '',
      kind: 'Pod',
      manifestAPIVersion: 'v1',
      pod: { namespace, name: podName, uid },
    }
    this.files.set(name, { content, verdict })
    if (!this.isOn) return this.publish()
    this.record({
      subject: 'file',
      reason: 'FileAccepted',
      message: `${path} defines pod ${namespace}/${podName}`,
      file: name,
      type: 'Normal',
    })
    const pod = new FakePod(
      decoded.pod,
      { name: podName, namespace, uid, node: this.name },
      {
        onChange: () => this.publish(),
        onEntry: (entry) => this.record({ ...entry, pod: { namespace, name: podName, uid } }),
        onGone: () => {
          if (this.pods.get(podName) === pod) this.pods.delete(podName)
          this.publish()
        },
      },
    )
    this.pods.set(podName, pod)
    pod.start()
    this.publish()
  }

  openLog(
    { pod, container, previous, timestamps = false }: ContainerTarget & { previous?: boolean; timestamps?: boolean },
    handlers: StreamHandlers<string>,
  ): () => void {
    const restarts = this.pods.get(pod)?.restarts ?? 0
    const tell = (text: string): void =>
      void handlers.onChunk(`${timestamps ? `${new Date().toISOString()} ` : ''}${text}\n`)
    tell(`${container ?? ''} starts, run ${restarts + (previous ? 0 : 1)}`)
    let count = 0
    const line = (): void => tell(`\u001B[32mhello\u001B[0m number ${(count += 1)} from ${pod}`)
    for (let index = 0; index < 12; index += 1) line()
    if (previous) {
      tell('something broke')
      handlers.onEnd()
      return () => undefined
    }
    const timer = setInterval(line, LOG_LINE_MS)
    return () => clearInterval(timer)
  }

  private need(name: string): FakeFile {
    const file = this.files.get(name)
    if (file === undefined)
      throw new LabError({ kind: 'NotFound', message: `${FOLDER}/${name} is not on ${this.name}.` })
    return file
  }

  private stopPodOf(name: string): void {
    const podName = this.files.get(name)?.verdict.pod?.name
    if (podName !== undefined) this.pods.get(podName)?.terminate()
  }

  /** Writes a line into its timeline. */
  record(entry: Omit<TimelineEntry, 'boot' | 'sequence' | 'time' | 'node'>): void {
    const full: TimelineEntry = {
      boot: `boot-${this.name}`,
      sequence: (this.sequence += 1),
      time: new Date().toISOString(),
      node: this.name,
      ...entry,
    }
    this.entries.push(full)
    if (!this.isSilent) this.events.onEntries([full])
  }

  private publish(): void {
    if (!this.isSilent) this.events.onView(this.view())
  }
}

/** As the lab manager finds it in the folder of a node that is off. */
function unread({ name, path, sizeBytes, modifiedAt, observedAt }: FileVerdict): FileVerdict {
  const explanation = 'The kubelet is not running: it reads this file when it starts.'
  const entry = { name, path, sizeBytes, modifiedAt, observedAt, message: '', warnings: [] }
  return { ...entry, state: 'unread', reason: 'KubeletNotRunning', explanation }
}

/** Eight hex digits, the same for the same text. */
function hash(text: string): string {
  let value = 0x811c9dc5
  for (const letter of text) value = Math.imul(value ^ (letter.codePointAt(0) ?? 0), 0x01000193)
  return (value >>> 0).toString(16).padStart(8, '0')
}
