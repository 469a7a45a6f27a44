/** A lab manager on a fake engine and a temporary home. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { systemClock, type Clock } from '../../base/clock.ts'
import { silentLogger } from '../../base/logger.ts'
import { createLabManager } from '../create-lab-manager.ts'
import type { LabImages, OpenCluster } from '../lab-context.ts'
import type { LabManager } from '../lab-manager.ts'
import type { HostNetwork } from '../network/host-network.ts'
import { FakeChannels } from './fake-channels.ts'
import { FakeEngine } from './fake-engine.ts'

export class TestHome {
  readonly folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'node-lab-home-')))
  readonly engine: FakeEngine
  readonly channels: FakeChannels
  readonly usedSubnets: string[] = []
  /** Addresses of nodes that this machine reaches without the engine's help. */
  readonly reachable = new Set<string>()
  images: LabImages = { node: 'node:1', pause: 'pause:1', catalogue: { enabled: true, images: [] } }
  /** What stands for the API server of every lab; absent: there is none to be reached. */
  openCluster: OpenCluster | undefined
  readonly #managers: LabManager[] = []

  constructor(engine = new FakeEngine()) {
    this.engine = engine
    this.channels = new FakeChannels(engine)
  }

  /** As a new process of the command line would have it. */
  async manager(clock: Clock = systemClock()): Promise<LabManager> {
    const host: HostNetwork = {
      usedSubnets: () => Promise.resolve([...this.usedSubnets]),
      isPortFree: (port) => Promise.resolve(!this.engine.takenPorts.has(port)),
      isServedBy: (address) => Promise.resolve(this.reachable.has(address)),
    }
    const manager = await createLabManager({
      home: this.folder,
      clock,
      logger: silentLogger,
      host,
      engines: {
        endpointHint: this.engine.endpoint,
        ensure: () => Promise.resolve(this.engine),
        connect: () => Promise.resolve(this.engine),
      },
      ensureImages: () => Promise.resolve(this.images),
      openChannel: this.channels.opener,
      ...(this.openCluster !== undefined && { openCluster: this.openCluster }),
    })
    this.#managers.push(manager)
    return manager
  }

  async dispose(): Promise<void> {
    for (const manager of this.#managers) await manager.dispose()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
