/** The floor: the same containers made straight through the engine's API, with nothing of ours between. */
import type { Engine, EngineContainerSpec } from '../../src-main/lab/engine/engine.ts'

export interface FloorImages {
  pause: string
  busybox: string
}

/** A pause container and an application container that joins it, as a pod has them. */
export class FloorPod {
  readonly #engine: Engine
  readonly #images: FloorImages
  readonly #name: string
  readonly #network: string

  constructor(engine: Engine, images: FloorImages, name: string, network: string) {
    this.#engine = engine
    this.#images = images
    this.#name = name
    this.#network = network
  }

  /** Milliseconds from the first call to the start of the application container. */
  async start(): Promise<number> {
    const beganMs = Date.now()
    await this.startSandbox()
    await this.startApplication('app-0')
    return (await this.#startedAtMs('app-0')) - beganMs
  }

  /** Resolves when the pause container has been started. */
  async startSandbox(): Promise<void> {
    await this.#engine.createContainer(
      this.#spec('pause', this.#images.pause, { mode: 'network', name: this.#network }),
    )
    await this.#engine.startContainer(`${this.#name}-pause`)
  }

  /** Milliseconds from the death of one application container to the start of the next in the same sandbox. */
  async restart(): Promise<number> {
    await this.#engine.killContainer(`${this.#name}-app-0`, 'SIGKILL')
    await this.#engine.waitContainer(`${this.#name}-app-0`)
    const died = await this.#engine.inspectContainer(`${this.#name}-app-0`)
    await this.startApplication('app-1')
    return (await this.#startedAtMs('app-1')) - Date.parse(died?.finishedAt ?? '')
  }

  /** Milliseconds until both containers are stopped; the application ends at once on SIGTERM. */
  async stop(application: 'app-0' | 'app-1'): Promise<number> {
    const beganMs = Date.now()
    await this.#engine.stopContainer(`${this.#name}-${application}`, 30)
    await this.#engine.stopContainer(`${this.#name}-pause`, 30)
    return Date.now() - beganMs
  }

  async remove(): Promise<void> {
    for (const part of ['app-0', 'app-1', 'pause']) await this.#engine.removeContainer(`${this.#name}-${part}`)
  }

  /** Resolves when an application container has been started in the namespaces of the pause container. */
  async startApplication(part: 'app-0' | 'app-1'): Promise<void> {
    const spec = this.#spec(part, this.#images.busybox, { mode: 'container', container: `${this.#name}-pause` })
    await this.#engine.createContainer({
      ...spec,
      command: ['sh', '-c', "trap 'exit 0' TERM; while :; do sleep 3600 & wait $!; done"],
    })
    await this.#engine.startContainer(`${this.#name}-${part}`)
  }

  async #startedAtMs(part: string): Promise<number> {
    const details = await this.#engine.inspectContainer(`${this.#name}-${part}`)
    return Date.parse(details?.startedAt ?? '')
  }

  #spec(part: string, image: string, network: EngineContainerSpec['network']): EngineContainerSpec {
    return { name: `${this.#name}-${part}`, image, labels: {}, mounts: [], network, restartPolicy: 'no' }
  }
}
