/** A lab of two nodes on a private engine, to which the events of node life happen one after the other. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { parse } from 'yaml'
import type { Pod } from '../../../src-main/common/api/core.ts'
import type { PodStatus } from '../../../src-main/common/api/pod-status.ts'
import type { LabSpec } from '../../../src-main/common/lab/lab-spec.ts'
import { countObjects, inspectContainer } from '../engine-api.ts'
import { RUN_FOREVER, shellManifest } from '../manifests.ts'
import { PrivateEngine } from '../private-engine/private-engine.ts'
import { TestLab } from '../test-lab.ts'
import { CLOSE_LOOK, waitUntil } from '../wait-until.ts'
import {
  computeEngineFates,
  computeFates,
  findLies,
  takeEngineSnapshot,
  takeSnapshot,
  type EngineSnapshot,
  type LifeSnapshot,
} from './life-snapshot.ts'
import type { Fates, LifeRow } from './life-table.ts'

const SETTLE_SECONDS = 120
const FURTHER_POD = 'further'
/** In the node's network, on the port that a node publishes. */
const SERVE = "trap 'exit 0' TERM; httpd -f -p 6443 -h /etc & wait $!"

function isReady({ status }: Pod): boolean {
  return (status?.conditions ?? []).some(({ type, status: value }) => type === 'Ready' && value === 'True')
}

function uidsOf({ pods }: LifeSnapshot): Record<string, string | undefined> {
  return Object.fromEntries(pods.map(({ metadata }) => [metadata.name, metadata.uid]))
}

function statusOf({ pods }: LifeSnapshot, name: string): PodStatus | undefined {
  return pods.find(({ metadata }) => metadata.name === name)?.status
}

export class LifeScene {
  readonly engine: PrivateEngine
  readonly lab: TestLab
  /** The last look at a lab that was as it should be. */
  #whole: LifeSnapshot | undefined
  /** What the laptop reaches of the node at first, and must reach for ever. */
  #addresses: unknown
  #hasFurtherPod = false
  #manifests = ''

  private constructor(engine: PrivateEngine, home: string) {
    this.engine = engine
    this.lab = new TestLab('life', home)
  }

  static async create(engineName: string): Promise<LifeScene> {
    const engine = await PrivateEngine.createForLabs(engineName)
    try {
      const scene = new LifeScene(engine, await engine.makeFolder('home'))
      await scene.#setUp()
      return scene
    } catch (error) {
      await engine.dispose()
      throw error
    }
  }

  /** The whole engine goes, and the lab with it. */
  async dispose(): Promise<void> {
    await this.engine.dispose()
  }

  async #setUp(): Promise<void> {
    const { lab } = this
    await lab.ok('up', '--nodes', '2')
    await lab.drop('plain.yaml', shellManifest('plain', RUN_FOREVER))
    await lab.drop('beside.yaml', shellManifest('beside', SERVE, { hostNetwork: true }))
    await lab.drop('finished.yaml', shellManifest('finished', 'exit 0', { restartPolicy: 'Never' }))
    await lab.drop('other.yaml', shellManifest('other', RUN_FOREVER), 'node02')
    await this.#waitUntilWhole()
    this.#addresses = await this.#readAddresses()
    this.#manifests = await lab.manifestsFolder()
  }

  async #waitUntilWhole(): Promise<void> {
    for (const pod of ['plain-node01', 'beside-node01', 'other-node02'])
      await this.lab.waitForPod(pod, 'running', isReady)
    await this.lab.waitForPod('finished-node01', 'done', (pod) => pod.status?.phase === 'Succeeded')
    this.#whole = await takeSnapshot(this.lab)
  }

  nodeContainer(node = 'node01'): string {
    return `node-lab.${this.lab.name}.${node}`
  }

  runtimeContainer(node = 'node01'): string {
    return `${this.nodeContainer(node)}.runtime`
  }

  /** Id of the one container of a role that runs for a pod of node01. */
  async runningContainer(role: 'sandbox' | 'container', pod: string): Promise<string> {
    const [id] = await this.#containersOf(role, pod, 'status=running')
    if (id === undefined) throw new Error(`no ${role} of ${pod} runs`)
    return id
  }

  /** Resolves while a further pod is being made on node01: as soon as the engine has heard of it. It has to come up in the end. */
  async beginPod(): Promise<void> {
    this.#drop(FURTHER_POD)
    this.#hasFurtherPod = true
    await waitUntil({ what: 'the sandbox of the new pod', ...CLOSE_LOOK }, async () =>
      (await this.#containersOf('sandbox', FURTHER_POD)).length > 0 ? true : undefined,
    )
  }

  /** Has the event happen, and its remedy, and holds what becomes of the node to the row. */
  async play(row: LifeRow, happen: (scene: LifeScene) => Promise<void>): Promise<void> {
    // What one event has broken must not fail the others, too.
    if (this.#whole === undefined) await this.lab.ok('up').then(() => this.#waitUntilWhole())
    const before = this.#whole ?? (await takeSnapshot(this.lab))
    this.#whole = undefined
    await happen(this)
    let after = await this.#expectFates(before, row.after, row.limit !== undefined)
    if (row.remedy !== undefined) {
      await this.lab.ok(...row.remedy.command)
      after = await this.#expectFates(before, row.remedy.after)
    }
    this.#whole = this.#hasFurtherPod ? await this.#endPod(FURTHER_POD).then(() => takeSnapshot(this.lab)) : after
    this.#hasFurtherPod = false
  }

  /** @param mayLie whether something may run that should not */
  async #expectFates(before: LifeSnapshot, expected: Partial<Fates>, mayLie = false): Promise<LifeSnapshot> {
    const { restartCount: _, ...parts } = expected
    await this.#waitFor(expected, async () => {
      const look = await takeEngineSnapshot(this.lab)
      expect(computeEngineFates(before, look)).toMatchObject(parts)
      if (!mayLie) expect(findLies(look)).toEqual([])
      return look
    })
    const isRunning = expected.node !== undefined && expected.node !== 'off'
    if (isRunning && expected.runtime !== 'off') await this.#proveThatPodsCanBeMade()
    // What was right for a moment has to be right for good.
    const after = await this.#waitFor(expected, async () => {
      const look = await takeSnapshot(this.lab)
      expect(computeFates(before, look)).toMatchObject(expected)
      return look
    })
    if (!mayLie) expect(findLies(after)).toEqual([])
    this.#expectTheSamePods(before, after, expected, isRunning)
    await this.#expectNothingLeft()
    if (isRunning) await this.#expectTheSameAddresses()
    return after
  }

  #waitFor<Look extends EngineSnapshot>(expected: Partial<Fates>, look: () => Promise<Look>): Promise<Look> {
    return waitUntil({ what: JSON.stringify(expected), timeoutSeconds: SETTLE_SECONDS, intervalMs: 300 }, look)
  }

  #expectTheSamePods(before: LifeSnapshot, after: LifeSnapshot, expected: Partial<Fates>, isRunning: boolean): void {
    // A pod of a node that is off is not told of.
    const uids = isRunning ? uidsOf(after) : { ...uidsOf(before), ...uidsOf(after) }
    expect(uids).toMatchObject(uidsOf(before))
    const [statusBefore, status] = [before, after].map((look) => statusOf(look, 'plain-node01'))
    if (expected.restartCount === 1) expect(status?.containerStatuses?.[0]?.lastState).toHaveProperty('terminated')
    if (isRunning && expected.sandbox === 'lives') expect(status?.podIP).toBe(statusBefore?.podIP)
  }

  async #proveThatPodsCanBeMade(): Promise<void> {
    this.#drop('proof')
    await this.#endPod('proof')
  }

  /** Takes its manifest away once it runs. */
  async #endPod(pod: string): Promise<void> {
    await waitUntil({ what: `${pod} to run`, timeoutSeconds: SETTLE_SECONDS }, async () =>
      (await this.#containersOf('container', pod, 'status=running')).length > 0 ? true : undefined,
    )
    rmSync(this.#manifest(pod))
    await waitUntil({ what: `${pod} to be gone without a trace`, timeoutSeconds: SETTLE_SECONDS }, async () => {
      const left = [...(await this.#containersOf('container', pod)), ...(await this.#containersOf('sandbox', pod))]
      return left.length === 0 ? true : undefined
    })
  }

  #drop(pod: string): void {
    writeFileSync(this.#manifest(pod), shellManifest(pod, RUN_FOREVER))
  }

  #manifest(pod: string): string {
    return join(this.#manifests, `${pod}.yaml`)
  }

  #containersOf(role: 'sandbox' | 'container', pod: string, ...filters: string[]): Promise<string[]> {
    return this.lab.containers(role, `label=io.kubernetes.pod.name=${pod}-node01`, ...filters)
  }

  async #expectNothingLeft(): Promise<void> {
    expect(await countObjects('network', this.lab.label), 'networks').toBe(1)
    expect(await countObjects('volume', this.lab.label), 'volumes').toBe(2)
    expect(await this.lab.containers('helper'), 'helpers').toEqual([])
  }

  async #expectTheSameAddresses(): Promise<void> {
    expect(await this.#readAddresses()).toEqual(this.#addresses)
    const port = this.#publishedPort()
    await waitUntil({ what: `an answer on the published port ${port}` }, async () => {
      const { exitCode, output } = await this.engine.runInNetwork('curl', '-sS', `http://127.0.0.1:${port}/hostname`)
      if (exitCode !== 0 || output !== 'node01\n') throw new Error(output)
      return true
    })
  }

  async #readAddresses(): Promise<unknown> {
    const { NetworkSettings: settings } = await inspectContainer(this.nodeContainer())
    const addresses = Object.entries(settings.Networks).map(([network, { IPAddress: address }]) => [network, address])
    return { addresses, ports: settings.Ports }
  }

  /** As the lab's own file has it. */
  #publishedPort(): number {
    const file = readFileSync(join(this.lab.home, 'labs', this.lab.name, 'lab.yaml'), 'utf8')
    const { nodes } = parse(file) as LabSpec
    return nodes.find(({ name }) => name === 'node01')?.apiServerPort ?? 0
  }
}
