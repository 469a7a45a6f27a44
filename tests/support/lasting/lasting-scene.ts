/** Three nodes with thirty pods on a private engine, to which one fault comes after the other. */
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { LabStatus } from '../../../src-main/common/lab/lab-status.ts'
import type { FileVerdict } from '../../../src-main/common/lab/file-verdict.ts'
import { countObjects } from '../engine-api.ts'
import { findLies, takeEngineSnapshot } from '../node-life/life-snapshot.ts'
import { PrivateEngine } from '../private-engine/private-engine.ts'
import type { SmallDisk } from '../private-engine/small-disk.ts'
import { TestLab } from '../test-lab.ts'
import { waitUntil } from '../wait-until.ts'
import { KEPT_FOLDER, lastingManifests } from './lasting-pods.ts'
import {
  computeStanding,
  findDifferences,
  timelineIdentities,
  type Harm,
  type LastingSnapshot,
} from './lasting-snapshot.ts'

/** Thirty pods on a busy machine take their time to be made anew. */
const SETTLE_SECONDS = 400
/** Images and containers of such a lab, twice. */
const DATA_MEGABYTES = 6000
const HOME_MEGABYTES = 64
/** Of both volumes of every pod that keeps something. */
const READ_MARKS = `md5sum ${KEPT_FOLDER}/*/mark $(find /var/lib/kubelet/pods -path '*empty-dir/cache/mark' | sort)`

export class LastingScene {
  readonly engine: PrivateEngine
  readonly lab: TestLab
  readonly nodes: readonly string[]
  readonly dataDisk: SmallDisk
  readonly homeDisk: SmallDisk
  readonly #folders = new Map<string, string>()

  private constructor(
    engine: PrivateEngine,
    lab: TestLab,
    nodes: readonly string[],
    disks: { data: SmallDisk; home: SmallDisk },
  ) {
    this.engine = engine
    this.lab = lab
    this.nodes = nodes
    this.dataDisk = disks.data
    this.homeDisk = disks.home
  }

  static async create(
    engineName: string,
    nodes = ['node01', 'node02', 'node03'],
    podsOfNode = 10,
  ): Promise<LastingScene> {
    const disks: Partial<Record<'data' | 'home', SmallDisk>> = {}
    const engine = await PrivateEngine.createForLabs(engineName, async (add) => {
      disks.data = await add('data', DATA_MEGABYTES)
      disks.home = await add('home', HOME_MEGABYTES)
    })
    const { data, home } = disks
    try {
      if (data === undefined || home === undefined) throw new Error('the private engine has no disks')
      const lab = new TestLab('lasting', await engine.makeFolder('home'))
      const scene = new LastingScene(engine, lab, nodes, { data, home })
      await lab.ok('up', '--nodes', String(nodes.length))
      for (const node of nodes) {
        scene.#folders.set(node, await lab.manifestsFolder(node))
        for (const [name, manifest] of Object.entries(lastingManifests(podsOfNode)))
          await scene.drop(name, manifest, node)
      }
      return scene
    } catch (error) {
      await engine.dispose()
      throw error
    }
  }

  async dispose(): Promise<void> {
    await this.engine.dispose()
  }

  folderOf(node: string): string {
    return this.#folders.get(node) ?? ''
  }

  async drop(name: string, content: string, node = 'node01'): Promise<void> {
    await writeFile(join(this.folderOf(node), name), content)
  }

  /** As soon as every pod stands as its kind does. */
  async whole(): Promise<LastingSnapshot> {
    return waitUntil({ what: 'every pod to stand', timeoutSeconds: SETTLE_SECONDS, intervalMs: 2000 }, async () => {
      const look = await this.look()
      const unsettled = Object.entries(look.pods).filter(([name, { standing }]) => standing !== standingOf(name))
      if (unsettled.length > 0) throw new Error(JSON.stringify(unsettled))
      const count = Object.keys(look.pods).length
      if (count !== Object.keys(look.files).length) throw new Error(`${count} pods`)
      return look
    })
  }

  /** Waits until the lab is as before, and looks once more: what was right for a moment has to be right for good. */
  async expectAsBefore(before: LastingSnapshot, harm: Harm): Promise<LastingSnapshot> {
    const differences = async (): Promise<{ look: LastingSnapshot; found: string[] }> => {
      const look = await this.look()
      const lies = findLies(await takeEngineSnapshot(this.lab))
      return { look, found: [...findDifferences(before, look, harm), ...lies] }
    }
    await waitUntil({ what: 'the lab to be as before', timeoutSeconds: SETTLE_SECONDS, intervalMs: 2000 }, async () => {
      const { found } = await differences()
      if (found.length > 0) throw new Error(found.join('\n'))
      return true
    })
    const { look, found } = await differences()
    expect(found).toEqual([])
    return look
  }

  async look(): Promise<LastingSnapshot> {
    const [status, pods, timeline] = await Promise.all([
      this.lab.json<{ labs: LabStatus[] }>('status', '--json'),
      this.lab.pods(),
      this.lab.timeline(),
    ])
    const [lab] = status.labs
    if (lab === undefined) throw new Error('there is no lab')
    const files: Record<string, string> = {}
    const volumes: Record<string, string> = {}
    await Promise.all(
      this.nodes.map(async (node) => {
        for (const file of await this.lab.files(node)) files[`${node}/${file.name}`] = await this.#describe(node, file)
        const marks = await this.lab.ok('shell', node, '--', 'sh', '-c', READ_MARKS)
        for (const line of marks.trim().split('\n')) {
          const [digest = '', path = ''] = line.split(/\s+/)
          volumes[`${node} ${path}`] = digest
        }
      }),
    )
    return {
      files,
      volumes,
      pods: Object.fromEntries(
        pods.map((pod) => [
          pod.metadata.name ?? '',
          {
            uid: pod.metadata.uid ?? '',
            standing: computeStanding(pod),
            restartCount: (pod.status?.containerStatuses ?? []).reduce((sum, one) => sum + one.restartCount, 0),
          },
        ]),
      ),
      timelines: Object.fromEntries(this.nodes.map((node) => [node, timelineIdentities(timeline, node)])),
      objects: await this.#countObjects(),
      board: Object.fromEntries([
        ['lab', lab.state],
        ...lab.nodes.map(({ name, state, runtimeService, kubelet }) => [name, `${state} ${runtimeService} ${kubelet}`]),
      ]) as Record<string, string>,
    }
  }

  async #describe(node: string, { name, state, reason }: FileVerdict): Promise<string> {
    const content = await readFile(join(this.folderOf(node), name))
    return `${state} ${reason} ${createHash('sha256').update(content).digest('hex')}`
  }

  async #countObjects(): Promise<Record<string, number>> {
    const { lab } = this
    const [networks, volumes, nodes, runtimes, helpers, sandboxes] = await Promise.all([
      countObjects('network', lab.label),
      countObjects('volume', lab.label),
      lab.containers('node'),
      lab.containers('runtime'),
      lab.containers('helper'),
      lab.containers('sandbox', 'status=running'),
    ])
    return {
      ...{ networks, volumes, nodes: nodes.length, runtimes: runtimes.length, helpers: helpers.length },
      sandboxes: sandboxes.length,
    }
  }
}

function standingOf(pod: string): string {
  if (pod.startsWith('crash')) return 'crashing'
  return pod.startsWith('done') ? 'succeeded' : 'running and ready'
}
