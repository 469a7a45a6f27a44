/** A case's part of the cluster: a namespace of its own, a shell with kubectl, and what was seen of its objects. */
import type { Disposable } from '../../../src-main/base/disposable.ts'
import { DisposableStore } from '../../../src-main/base/disposable.ts'
import type { Pod } from '../../../src-main/common/api/core.ts'
import type { DaemonSet } from '../../../src-main/common/api/daemon-set.ts'
import type { ComponentEvent } from '../../../src-main/kube/event.ts'
import { KubectlShell } from '../kubectl/kubectl-shell.ts'
import type { Interruption } from '../kubectl/kubectl-case.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { CaseTrace } from '../recorded/case-trace.ts'
import type { Findings } from '../recorded/recorded-case.ts'
import type { ClusterKind } from './cluster-case.ts'
import type { ClusterLab } from './cluster-lab.ts'
import { controllerOf, describeDaemonSet, describeNode, describePod, nodeOf } from './describe-objects.ts'
import { comparable, observedLines, otherThan, otherThanRecorded, recordedLines } from './transcripts.ts'

interface SayOptions {
  /** What the findings call it; the command itself unless told otherwise. */
  as?: string
  stdin?: string
  interrupted?: Interruption
}

export class ClusterWorld implements Disposable {
  readonly cluster: ClusterLab
  readonly namespace: string
  readonly findings: Findings = {}
  readonly #trace = new CaseTrace<'pods' | Exclude<ClusterKind, 'first node' | 'second node' | 'pods'>>(() =>
    Date.now(),
  )
  readonly #shell: KubectlShell
  readonly #owned = new DisposableStore()
  readonly #patienceSeconds: number
  /** Letters of pods by their uids. */
  readonly #letters = new Map<string, string>()
  readonly #nodesOfPods = new Map<string, string>()
  readonly #last = new Map<string, string>()
  #followedNode: string | undefined

  constructor(cluster: ClusterLab, namespace: string, patienceSeconds: number) {
    this.cluster = cluster
    this.namespace = namespace
    this.#patienceSeconds = patienceSeconds
    this.#shell = this.#owned.add(new KubectlShell({ kubeconfig: cluster.lab.kubeconfig, files: {} }))
    const { pods, daemonSets, events, nodes } = cluster
    const isMine = ({ metadata }: { metadata: { namespace?: string } }): boolean => metadata.namespace === namespace
    const onPod = (pod: Pod): void => {
      if (isMine(pod)) this.#onPod(pod, describePod(pod))
    }
    const onDaemonSet = (set: DaemonSet): void => {
      if (isMine(set)) this.#add('status', set.metadata.uid ?? '', describeDaemonSet(set))
    }
    this.#owned.add(
      pods.follow({
        onAdd: onPod,
        onUpdate: onPod,
        onDelete: (pod) => {
          if (isMine(pod)) this.#onPod(pod, 'gone')
        },
      }),
    )
    this.#owned.add(daemonSets.follow({ onAdd: onDaemonSet, onUpdate: onDaemonSet }))
    this.#owned.add(events.follow({ onAdd: (event) => this.#onEvent(event) }))
    this.#owned.add(
      nodes.follow({
        onUpdate: (node) => {
          if (node.metadata.name === this.#followedNode) this.#add('node', '', describeNode(node))
        },
      }),
    )
  }

  /** Makes the namespace; resolves when pods can be made in it. */
  async open(): Promise<void> {
    await this.does(`kubectl create namespace ${this.namespace}`)
    await this.does(`kubectl config set-context --current --namespace=${this.namespace}`)
    await this.until('the service account', async () => {
      const { exitCode } = await this.#shell.run('kubectl get serviceaccount default')
      return exitCode === 0
    })
  }

  /** What was before is not part of the case. @param node whose changes are, too */
  begin(node?: string): void {
    this.#followedNode = node
    this.#trace.begin()
  }

  lines(kind: ClusterKind): string[] {
    const order = [...new Set(this.#trace.lines('pods').map((line) => line.split(' ', 1)[0] ?? ''))]
    const rename = (line: string): string => {
      const [node = '', ...rest] = line.split(' ')
      return [['first', 'second'][order.indexOf(node)] ?? node, ...rest].join(' ')
    }
    switch (kind) {
      case 'pods':
        return this.#trace.lines('pods').map(rename)
      case 'first node':
      case 'second node': {
        const mark = `${kind.replace(' node', '')} `
        return this.lines('pods')
          .filter((line) => line.startsWith(mark))
          .map((line) => line.slice(mark.length))
      }
      default:
        return this.#trace.lines(kind)
    }
  }

  /** Runs a command that is no part of what is compared. @throws Error when it fails */
  async does(command: string, stdin?: string): Promise<string> {
    const outcome = await this.#shell.run(command, stdin === undefined ? {} : { stdin })
    if (outcome.exitCode !== 0) throw new Error(`${command} exited with ${outcome.exitCode}:\n${outcome.stderr}`)
    return outcome.stdout
  }

  /** Types a command. @returns what it prints, comparable */
  async types(command: string, options: Omit<SayOptions, 'as'> = {}): Promise<string[]> {
    return observedLines(await this.#shell.run(command, options), this.namespace)
  }

  /** Types a command; what it prints is a finding of the case. */
  async says(command: string, { as = command, ...options }: SayOptions = {}): Promise<void> {
    this.findings[as] = await this.types(command, options)
  }

  /** Types a command that prints much: what is another line than recorded is a finding. */
  async saysAsIn(file: string, recorded: string, typed = recorded, nth = 1): Promise<void> {
    const ours = await this.types(typed)
    this.findings[otherThan(recorded)] = otherThanRecorded(recordedLines(file, recorded, nth), ours)
  }

  /** Makes objects and waits until a DaemonSet is ready on so many nodes; what follows is what the case is about. */
  async running(set: object, name: string, desired = 2): Promise<void> {
    await this.does('kubectl apply -f -', JSON.stringify(set))
    await this.rolledOut(name, desired)
    this.begin()
  }

  /** Waits until the newest template is available on so many nodes, and nothing of older ones is left. */
  async rolledOut(name: string, desired = 2): Promise<void> {
    await this.until(`${name} to be ready on ${desired} nodes`, () => {
      const set = this.daemonSet(name)
      return set !== undefined && describeDaemonSet(set) === Array.from({ length: 5 }, () => desired).join('/')
    })
  }

  daemonSet(name: string): DaemonSet | undefined {
    return this.cluster.daemonSets.get(this.namespace, name)
  }

  /** Of the case's namespace; those on a node, if it is named. */
  pods(node?: string): Pod[] {
    return this.cluster.pods
      .list()
      .filter((pod) => pod.metadata.namespace === this.namespace && (node === undefined || nodeOf(pod) === node))
  }

  /** `name state` of all pods of the case, or of those on a node, sorted. */
  podStates(node?: string): string[] {
    return this.pods(node)
      .map((pod) => `${nameOf(pod)} ${describePod(pod)}`)
      .toSorted()
  }

  /** `type status reason: message` of all conditions of a node. */
  conditionsOf(node: string): string[] {
    const { conditions = [] } = this.cluster.nodes.get(undefined, node)?.status ?? {}
    return conditions.map(({ type, status, reason, message }) => `${type} ${status} ${reason}: ${message}`)
  }

  uidsOn(node: string): string[] {
    return this.pods(node)
      .map(({ metadata }) => metadata.uid ?? '')
      .toSorted()
  }

  restartsOn(node: string): number[] {
    return this.pods(node).flatMap(({ status }) =>
      (status?.containerStatuses ?? []).map(({ restartCount }) => restartCount),
    )
  }

  /** The one pod of a DaemonSet there. @throws Error when there is none, or several */
  podOn(node: string): string {
    const [pod, ...others] = this.pods(node).filter((each) => controllerOf(each)?.kind === 'DaemonSet')
    if (pod === undefined || others.length > 0) throw new Error(`${others.length + 1} pods on ${node}`)
    return pod.metadata.name ?? ''
  }

  /** `reason kind/name: message` of all events about these kinds, sorted. */
  eventsAbout(...kinds: string[]): string[] {
    const mine = this.cluster.events
      .list()
      .filter(
        ({ involvedObject }) =>
          involvedObject.namespace === this.namespace && kinds.includes(involvedObject.kind ?? ''),
      )
    const lines = mine.map(({ type, reason, message, source, involvedObject }) =>
      [`${type} ${reason}`, source.component, `${involvedObject.kind}/${involvedObject.name}: ${message}`].join(' '),
    )
    return comparable([...new Set(comparable(lines, this.namespace))].toSorted())
  }

  async until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
    const options = { what: `${what} (${this.namespace})`, timeoutSeconds: this.#patienceSeconds, intervalMs: 20 }
    await waitUntil(options, async () => {
      if (await isSo()) return true
      const seen = (['pods', 'other pods', 'status', 'node'] as const).map((kind) => this.lines(kind).join(' → '))
      throw new Error(seen.join('; '))
    })
  }

  sees(kind: ClusterKind, text: string): Promise<void> {
    return this.until(`“${text}”`, () => this.lines(kind).includes(text))
  }

  async dispose(): Promise<void> {
    await this.#shell.run(`kubectl delete namespace ${this.namespace} --wait=false`)
    await this.#owned.dispose()
  }

  #onPod(pod: Pod, state: string): void {
    const uid = pod.metadata.uid ?? ''
    const controller = controllerOf(pod)
    if (controller?.kind !== 'DaemonSet' && !this.#letters.has(uid))
      return this.#add('other pods', uid, `${nameOf(pod)} ${state}`)
    const node = nodeOf(pod) ?? ''
    const letter = this.#letters.get(uid) ?? 'abcdefghijkl'[this.#countOn(node)] ?? '?'
    this.#letters.set(uid, letter)
    this.#nodesOfPods.set(uid, node)
    this.#add('pods', uid, `${node} ${letter} ${state}`)
  }

  #countOn(node: string): number {
    return [...this.#nodesOfPods.values()].filter((each) => each === node).length
  }

  #onEvent({ involvedObject, reason, message }: ComponentEvent): void {
    if (involvedObject.namespace !== this.namespace || involvedObject.kind !== 'DaemonSet') return
    this.#trace.add('events', comparable([`${reason}: ${message}`], this.namespace)[0] ?? '')
  }

  /** What is said again is no news. */
  #add(kind: 'pods' | 'status' | 'other pods' | 'node', of: string, text: string): void {
    const key = `${kind} ${of}`
    if (this.#last.get(key) === text) return
    this.#last.set(key, text)
    this.#trace.add(kind, text)
  }
}

/** What a pod without a DaemonSet is called in lines. */
function nameOf(pod: Pod): string {
  return comparable([pod.metadata.name ?? ''])[0] ?? ''
}
