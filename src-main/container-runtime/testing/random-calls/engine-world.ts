/** Random calls on the Docker runtime service: what is there is asked of the engine itself. */
import { readdir, readlink } from 'node:fs/promises'
import { CONTAINER_NAME_LABEL, POD_UID_LABEL, SANDBOX_ID_LABEL } from '../../../common/api/kubelet-labels.ts'
import { LAB_LABEL, NODE_LABEL, ROLE_LABEL } from '../../../common/engine-labels.ts'
import type { ContainerConfig, RuntimeService } from '../../cri.ts'
import type { EngineContainer, EngineContainerState } from '../../docker/engine-types.ts'
import type { EngineNode } from '../engine-node.ts'
import type { Behaviour, Disaster } from './call-plan.ts'
import { TERM_EXIT_CODE } from './call-plan.ts'
import type { RandomCallsWorld, TrueObject } from './random-calls-world.ts'

/** Written by the service; the engine shows it to anybody. */
const ATTEMPT_LABEL = 'io.node-lab.attempt'
const RECOVERY_MS = 30_000

type Inspected = EngineContainer & { Mounts: { Type: string; Name?: string }[] }

function commandOf(behaviour: Behaviour): string[] {
  switch (behaviour.does) {
    case 'run':
      return ['sh', '-c', `trap "exit ${TERM_EXIT_CODE}" TERM; sleep 100000 & wait`]
    case 'ignore SIGTERM':
      return ['sh', '-c', 'trap "" TERM; sleep 100000']
    case 'fail to start':
      return ['/no/such/program']
    case 'exit': {
      const { code, afterMs } = behaviour
      return ['sh', '-c', `echo out; echo err >&2; ${afterMs === 0 ? '' : `sleep ${afterMs / 1000}; `}exit ${code}`]
    }
  }
}

function stateOf({ Running, Status, ExitCode }: EngineContainerState): TrueObject['state'] {
  if (Running) return 'running'
  return Status === 'created' && ExitCode === 0 ? 'created' : 'exited'
}

export class EngineWorld implements RandomCallsWorld {
  readonly node: EngineNode
  readonly strangers: readonly string[]
  readonly #imageWithVolume: string
  readonly #strangersAtFirst: string
  /** Anonymous volumes that were seen on the node's containers. */
  readonly #anonymousVolumes = new Set<string>()

  private constructor(node: EngineNode, strangers: string[], strangersAtFirst: string, imageWithVolume: string) {
    this.node = node
    this.strangers = strangers
    this.#strangersAtFirst = strangersAtFirst
    this.#imageWithVolume = imageWithVolume
  }

  /** The strangers are a sandbox and a container of another node of the same lab; they go with the `EngineNode`. */
  static async make(node: EngineNode): Promise<EngineWorld> {
    const strangers: string[] = []
    for (const role of ['sandbox', 'container']) strangers.push(await startStranger(node, role))
    const { Id } = await node.engine.json<{ Id: string }>('/commit', {
      method: 'POST',
      query: { container: node.service.nodeContainer, repo: node.service.lab, changes: 'VOLUME /scratch' },
      body: {},
    })
    return new EngineWorld(node, strangers, await describeAll(node, strangers), Id)
  }

  async removeImage(): Promise<void> {
    await this.node.engine.text(`/images/${this.#imageWithVolume}`, { method: 'DELETE', query: { force: true } })
  }

  get runtime(): RuntimeService {
    return this.node.cri.runtime
  }

  configure(behaviour: Behaviour, withVolume: boolean): Partial<ContainerConfig> {
    const image = withVolume ? this.#imageWithVolume : 'busybox:1.36'
    return { command: commandOf(behaviour), image: { image } }
  }

  async readTruth(): Promise<TrueObject[]> {
    const own = (await this.node.containers()).filter(
      ({ Labels }) => Labels[NODE_LABEL] === this.node.service.node && Labels[ROLE_LABEL] !== 'node',
    )
    const found = await Promise.all(own.map(({ Id }) => this.#inspect(Id)))
    return found.flatMap((container) => {
      if (container === undefined) return []
      for (const { Type, Name = '' } of container.Mounts)
        if (Type === 'volume' && /^[0-9a-f]{64}$/.test(Name)) this.#anonymousVolumes.add(Name)
      const labels = container.Config.Labels ?? {}
      const role = labels[ROLE_LABEL] === 'sandbox' ? 'sandbox' : 'container'
      const key = {
        role,
        podUid: labels[POD_UID_LABEL] ?? '',
        name: role === 'sandbox' ? '' : (labels[CONTAINER_NAME_LABEL] ?? ''),
        attempt: Number(labels[ATTEMPT_LABEL]),
      } as const
      const sandboxId = labels[SANDBOX_ID_LABEL] ?? ''
      return [{ ...key, id: container.Id, sandboxId, state: stateOf(container.State) }]
    })
  }

  async #inspect(id: string): Promise<Inspected | undefined> {
    const path = `/containers/${id}/json`
    return this.node.engine.json<Inspected>(path).catch((error: unknown) => {
      if (error instanceof Error && error.message.includes('No such container')) return undefined
      throw error
    })
  }

  async findDamage(): Promise<string[]> {
    const strangers = await describeAll(this.node, this.strangers)
    return strangers === this.#strangersAtFirst ? [] : [`another node’s containers were touched: ${strangers}`]
  }

  /** Anonymous volumes that outlived their containers. */
  async findLeftVolumes(): Promise<string[]> {
    const { Volumes } = await this.node.engine.json<{ Volumes: { Name: string }[] | null }>('/volumes')
    return (Volumes ?? []).map(({ Name }) => Name).filter((name) => this.#anonymousVolumes.has(name))
  }

  get anonymousVolumesSeen(): number {
    return this.#anonymousVolumes.size
  }

  interrupts(kind: Disaster['kind']): boolean {
    return kind === 'kill the service' || kind === 'restart the node'
  }

  async strike(kind: Disaster['kind'], victimId = ''): Promise<void> {
    switch (kind) {
      case 'kill the service':
        await this.node.killService('SIGKILL')
        await this.node.startService()
        return
      case 'kill a container':
      case 'kill a sandbox':
        return this.#behindItsBack('POST', `/containers/${victimId}/kill`)
      case 'remove a container':
      case 'remove a sandbox':
        return this.#behindItsBack('DELETE', `/containers/${victimId}?force=1&v=1`)
      case 'restart the node':
        await this.node.engine.text(`/containers/${this.node.service.nodeContainer}/restart?t=1`, { method: 'POST' })
    }
  }

  /** What does not run cannot be killed, and what is not there or going cannot be removed: that is no disaster. */
  async #behindItsBack(method: 'POST' | 'DELETE', path: string): Promise<void> {
    await this.node.engine.text(path, { method }).catch((error: unknown) => {
      if (error instanceof Error && /is not running|No such container|already in progress/.test(error.message)) return
      throw error
    })
  }

  /** The service answers, and nothing of an earlier boot of the node runs. */
  async recover(): Promise<void> {
    const { nodeContainer } = this.node.service
    const { State } = await this.node.engine.json<EngineContainer>(`/containers/${nodeContainer}/json`)
    const deadline = performance.now() + RECOVERY_MS
    for (;;) {
      const ready = await this.runtime.version().then(
        () => true,
        () => false,
      )
      // The dead of an earlier boot stay.
      const isStale = (await this.node.containers()).some(
        ({ Labels, State: state }) =>
          state !== 'exited' && (Labels['io.node-lab.boot'] ?? State.StartedAt) !== State.StartedAt,
      )
      if (ready && !isStale) return
      if (performance.now() > deadline) throw new Error('the runtime service did not recover')
      await this.sleep(20)
    }
  }

  during<T>(work: Promise<T>): Promise<T> {
    return work
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms))
  }
}

/** What the service process holds open: all of it, and the log files among it. */
export async function readOpenFiles(pid: number): Promise<{ count: number; logs: string[] }> {
  const names = await readdir(`/proc/${pid}/fd`)
  // One that was closed meanwhile cannot be read any more.
  const targets = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')))
  return { count: names.length, logs: targets.filter((target) => target.includes('/var/log/pods/')) }
}

async function startStranger(node: EngineNode, role: string): Promise<string> {
  const { lab, network, catalogue } = node.service
  const { Id } = await node.engine.json<{ Id: string }>('/containers/create', {
    method: 'POST',
    query: { name: `${lab}-stranger-${role}` },
    body: {
      Image: catalogue.images[0]?.reference,
      Entrypoint: ['sleep', '100000'],
      Labels: { [LAB_LABEL]: lab, [NODE_LABEL]: 'node02', [ROLE_LABEL]: role, [POD_UID_LABEL]: '1'.padStart(32, '0') },
      HostConfig: { NetworkMode: network },
    },
  })
  await node.engine.text(`/containers/${Id}/start`, { method: 'POST' })
  return Id
}

async function describeAll(node: EngineNode, ids: readonly string[]): Promise<string> {
  const all = await Promise.all(
    ids.map((id) => node.engine.json<EngineContainer & { HostConfig: unknown }>(`/containers/${id}/json`)),
  )
  return JSON.stringify(all.map(({ Id, State, HostConfig }) => ({ Id, State, HostConfig })))
}
