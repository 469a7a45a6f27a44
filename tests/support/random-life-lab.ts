/** A random life of a node on the real engine, driven through the command line, the manifest folder and the engine's back door. */
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Container, Pod, PodList } from '../../src-main/common/api/core.ts'
import { POD_UID_LABEL } from '../../src-main/common/api/kubelet-labels.ts'
import type { TimelineEntry } from '../../src-main/common/lab/timeline-entry.ts'
import { LifeFiles } from '../../src-main/kubelet/testing/random-life/life-files.ts'
import type { FileChange } from '../../src-main/kubelet/testing/random-life/life-files.ts'
import type { LifeStep } from '../../src-main/kubelet/testing/random-life/life-plan.ts'
import { findDoubles, findUnrest } from '../../src-main/kubelet/testing/random-life/life-report.ts'
import type { ThingOnNode } from '../../src-main/kubelet/testing/random-life/life-report.ts'
import { LifeWatch } from '../../src-main/kubelet/testing/random-life/life-watch.ts'
import type { ProgramPlan } from '../../src-main/kubelet/testing/random-life/pod-shapes.ts'
import { engineApi, killContainer, removeContainer } from './engine-api.ts'
import { RUN_FOREVER } from './manifests.ts'
import type { TestLab } from './test-lab.ts'
import { waitUntil } from './wait-until.ts'

const NODE = 'node01'
/** The longest wait of a container that crashed again and again, and some more. */
const REST_SECONDS = 420
const LONGEST_WAIT_MS = 3000
const CONTAINER_NAME_LABEL = 'io.kubernetes.container.name'

const OF_SIMULATION_ONLY: ReadonlySet<LifeStep['does']> = new Set([
  'fail probe',
  'lose runtime',
  'find runtime',
  'slow runtime',
  'break events',
])

/** Whether the step is one that a lab on the engine can take; the runtime service's own life is told by its random calls. */
export function happensInLab({ does }: LifeStep): boolean {
  return !OF_SIMULATION_ONLY.has(does)
}

function writeProgram({ exitAfterMs, exitCodes, ignoresTerm }: ProgramPlan): Pick<Container, 'image' | 'command'> {
  const run = ignoresTerm === true ? "trap '' TERM; while :; do sleep 3600 & wait $!; done" : RUN_FOREVER
  const script = exitAfterMs === undefined ? run : `sleep ${exitAfterMs / 1000}; exit ${exitCodes?.at(-1) ?? 0}`
  return { image: 'busybox:1.36', command: ['sh', '-c', `touch /healthy; ${script}`] }
}

interface EngineContainer {
  Id: string
  Labels: Record<string, string>
  State: string
}

export class RandomLifeLab {
  readonly #lab: TestLab
  readonly #folder: string
  readonly #files = new LifeFiles(writeProgram)
  readonly #watch = new LifeWatch()
  #power: 'on' | 'off' = 'on'
  #timelineRead = 0

  private constructor(lab: TestLab, folder: string) {
    this.#lab = lab
    this.#folder = folder
  }

  static async begin(lab: TestLab): Promise<RandomLifeLab> {
    await lab.ok('up')
    return new RandomLifeLab(lab, await lab.manifestsFolder(NODE))
  }

  /** @throws Error that says what is untrue after it */
  async take(step: LifeStep): Promise<void> {
    const change = this.#files.apply(step)
    if (change === undefined) await this.#perform(step)
    else this.#change(change)
    await new Promise((resolve) => setTimeout(resolve, Math.min(step.thenMs, LONGEST_WAIT_MS)))
    await this.#lookAround()
  }

  /** @throws Error that says what is not as the folder says, once it has had time to be */
  async comeToRest(): Promise<void> {
    await this.#perform({ does: 'power on', thenMs: 0 })
    await this.#perform({ does: 'start kubelet', thenMs: 0 })
    await waitUntil(
      { what: 'the node to be as its folder says', timeoutSeconds: REST_SECONDS, intervalMs: 2000 },
      async () => {
        const problems = await this.#findProblems()
        if (problems.length > 0) throw new Error(problems.join('\n  '))
        return true
      },
    )
    await this.#lookAround()
  }

  async emptyFolder(): Promise<void> {
    for (const name of this.#files.clear()) this.#change({ name, content: undefined })
    await this.comeToRest()
  }

  /** What holds at every moment. @throws Error that says what does not */
  async #lookAround(): Promise<void> {
    const problems = findDoubles(await this.#things())
    const before = await this.#timeline()
    const pods = await this.#podsIfTold()
    const timeline = await this.#timeline()
    problems.push(...this.#watch.readTimeline(timeline.slice(this.#timelineRead)))
    this.#timelineRead = Math.max(this.#timelineRead, timeline.length)
    // Of a pod that something happened to meanwhile it is not clear which of its lives is told.
    const changed = new Set(timeline.slice(before.length).map(({ pod }) => pod?.uid))
    problems.push(...this.#watch.look(pods.filter(({ metadata }) => !changed.has(metadata.uid))))
    if (problems.length > 0) throw new Error(problems.join('\n  '))
  }

  async #timeline(): Promise<TimelineEntry[]> {
    return (await this.#lab.timeline()).filter(({ node }) => node === NODE)
  }

  /** None while the node or its kubelet is away: it was stopped, or has been killed and is on its way back. */
  async #podsIfTold(): Promise<Pod[]> {
    const { exitCode, stdout } = await this.#lab.cli('pods', NODE, '-o', 'json')
    return exitCode === 0 ? (JSON.parse(stdout) as PodList).items : []
  }

  async #findProblems(): Promise<string[]> {
    const [pods, verdicts, things] = await Promise.all([this.#lab.pods(NODE), this.#lab.files(NODE), this.#things()])
    const podDirectories = await this.#linesOf('ls', '-1', '/var/lib/kubelet/pods')
    const logs = await this.#linesOf('ls', '-1', '/var/log/pods')
    const logDirectories = logs.map((name) => name.split('_').at(-1) ?? '')
    // Followed, a link that is still a link leads nowhere.
    const danglingLinks = await this.#linesOf('find', '-L', '/var/log/containers', '-type', 'l')
    const observation = { nodeName: NODE, pods, verdicts, things, podDirectories, logDirectories, danglingLinks }
    return findUnrest(observation, this.#files.wanted(), this.#files.verdicts(), this.#watch)
  }

  /** What a command says on the node; nothing when it fails, as for a folder that is made with the first pod. */
  async #linesOf(...command: string[]): Promise<string[]> {
    const { stdout } = await this.#lab.cli('shell', NODE, '--', ...command)
    return stdout.split(/\s+/).filter((name) => name !== '')
  }

  async #things(): Promise<ThingOnNode[]> {
    const filters = encodeURIComponent(JSON.stringify({ label: [this.#lab.label, `io.node-lab.node=${NODE}`] }))
    const all = await engineApi<EngineContainer[]>('GET', `/containers/json?all=1&filters=${filters}`)
    return all.flatMap(({ Id: id, Labels: labels, State: state }) => {
      const role = labels['io.node-lab.role']
      if (role !== 'sandbox' && role !== 'container') return []
      const name = role === 'container' ? (labels[CONTAINER_NAME_LABEL] ?? '') : ''
      return [{ role, id, podUid: labels[POD_UID_LABEL] ?? '', name, running: state === 'running' }]
    })
  }

  #change({ name, content, from }: FileChange): void {
    const path = join(this.#folder, name)
    if (from !== undefined) renameSync(join(this.#folder, from), path)
    else if (content === undefined) rmSync(path)
    else writeFileSync(path, content)
  }

  async #perform(step: LifeStep): Promise<void> {
    switch (step.does) {
      case 'exit':
      case 'remove container':
        return this.#strike('container', step.pick, step.does === 'exit')
      case 'kill sandbox':
      case 'remove sandbox':
        return this.#strike('sandbox', step.pick, step.does === 'kill sandbox')
      case 'stop kubelet':
      case 'start kubelet':
        if (this.#power === 'off') return
        if (step.does === 'stop kubelet') this.#watch.noteEndOfKubelet()
        await this.#lab.ok('shell', NODE, '--', 'systemctl', step.does === 'stop kubelet' ? 'stop' : 'start', 'kubelet')
        return
      case 'kill kubelet':
        if (this.#power === 'off') return
        this.#watch.noteEndOfKubelet()
        // A stopped one cannot be killed, and that is as good.
        await this.#lab.cli('shell', NODE, '--', 'sh', '-c', 'kill -9 $(systemctl show kubelet -p MainPID --value)')
        return
      case 'power off':
      case 'power on': {
        const power = step.does === 'power off' ? 'off' : 'on'
        if (power === this.#power) return
        this.#power = power
        this.#watch.noteEndOfKubelet()
        await this.#lab.ok('node', power === 'off' ? 'stop' : 'start', NODE)
        return
      }
      default:
      // A file that there is not, or nothing at all.
    }
  }

  async #strike(role: ThingOnNode['role'], pick: number, kill: boolean): Promise<void> {
    const running = (await this.#things()).filter((thing) => thing.role === role && thing.running)
    const victim = running[pick % Math.max(1, running.length)]
    if (victim === undefined) return
    if (!kill) this.#watch.noteRobbery(victim.podUid)
    // It may have ended by itself meanwhile, which is as good.
    await (kill ? killContainer(victim.id) : removeContainer(victim.id)).catch(() => undefined)
  }
}
