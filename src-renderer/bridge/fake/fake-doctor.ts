/** The doctor of the in-memory bridge: it takes its time, and finds what its scenario is about. */
import {
  CHECK_IDS,
  describeFinding,
  type DoctorCheck,
  type DoctorFacts,
  type DoctorReport,
  type Mend,
} from '@common/doctor/doctor-report.ts'
import { computeRemedyCommand, type RemedyPlace } from '@common/doctor/remedy-commands.ts'
import type { EngineStatus } from '@common/lab/lab-status.ts'

const HOME = '/home/learner/.local/share/node-lab'
const STEP_MS = 40

const HEALTHY: readonly DoctorCheck[] = [
  describeFinding('home', true, 'home-writable', { folder: HOME }),
  describeFinding('engine', true, 'engine-answers', {
    name: 'Docker',
    version: '28.3.1',
    api: '1.51',
    endpoint: 'unix:///run/fake.sock',
  }),
  describeFinding('images', true, 'images-complete', { count: 9 }),
  describeFinding('architecture', true, 'architecture-same', { engine: 'amd64' }),
  describeFinding('volume-subpath', true, 'subpaths-confined'),
  describeFinding('bind-mount', true, 'mount-shared', { folder: HOME }),
  describeFinding('file-events', true, 'events-arrive'),
  describeFinding('engine-socket', true, 'socket-found', { path: '/var/run/docker.sock' }),
  describeFinding('root', true, 'root-engine'),
  describeFinding('selinux', true, 'selinux-off'),
  describeFinding('limits', true, 'limits-kept', { cgroups: 'cgroup v2, systemd' }),
  describeFinding('clock', true, 'clock-same', { seconds: 2 }),
  describeFinding('memory', true, 'memory-enough', { free: 6.1, total: 16.6 }),
  describeFinding('engine-disk', true, 'engine-disk-free', { free: 81.2, folder: '/var/lib/docker', cache: 0.4 }),
  describeFinding('inotify-limits', true, 'watchers-enough', { limit: 8192, watches: 524_288 }),
  describeFinding('disk', true, 'disk-free', { free: 81.2, folder: HOME }),
  describeFinding('open-files', true, 'files-enough', { limit: 1_048_576 }),
  describeFinding('processes', true, 'processes-enough', { limit: 127_000 }),
  describeFinding('keyrings', true, 'keyrings-enough', { used: 41, limit: 1_000_000 }),
  describeFinding('ports', true, 'ports-free', { port: '26443' }),
  describeFinding('published-port', true, 'published-reached'),
  describeFinding('subnets', true, 'subnets-free', { subnet: '172.30.1.0/24' }),
  describeFinding('kubectl', true, 'kubectl-found', { version: 'v1.35.0' }),
  describeFinding('labs', true, 'labs-whole', { count: 1 }),
  describeFinding('leavings', true, 'leavings-none'),
]

const PLACE: RemedyPlace = {
  ...{ engineHost: 'linux', platform: 'linux', rootless: false, toolImage: '' },
  nodes: [{ lab: 'default', node: 'node01' }],
}

/** As the real doctor tells it, with the command. */
function problem(...found: Parameters<typeof describeFinding>): DoctorCheck {
  const [, , finding, values = {}] = found
  const command = computeRemedyCommand(finding, values, PLACE)
  return { ...describeFinding(...found), ...(command !== undefined && { command }) }
}

const PROBLEMS: readonly DoctorCheck[] = [
  { ...problem('images', false, 'images-missing', { count: 2, names: 'nginx, etcd' }), mend: 'load-images' },
  problem('file-events', 'notice', 'events-missing'),
  {
    ...problem('inotify-limits', false, 'watchers-few', { limit: 64, watches: 524_288 }),
    mend: 'raise-inotify-limit',
  },
  {
    ...problem('leavings', false, 'leavings-found', { names: 'lesson-1, old', labs: 'lesson-1, old' }),
    mend: 'remove-leavings',
  },
]

export class FakeDoctor {
  report: DoctorReport | undefined
  private readonly engine: EngineStatus
  private readonly onChange: (report: DoctorReport) => void
  private problems: readonly DoctorCheck[]

  constructor(scenario: string, engine: EngineStatus, onChange: (report: DoctorReport) => void) {
    this.engine = engine
    this.onChange = onChange
    this.problems = scenario === 'full' ? PROBLEMS : []
  }

  async run(): Promise<DoctorReport> {
    const startedAt = new Date().toISOString()
    const checks: DoctorCheck[] = []
    for (const id of CHECK_IDS) {
      this.become({ state: 'running', startedAt, checks: [...checks], step: 'Probing the engine' })
      await new Promise((resolve) => setTimeout(resolve, STEP_MS))
      const found = this.problems.find((check) => check.id === id) ?? HEALTHY.find((check) => check.id === id)
      if (found !== undefined) checks.push(this.engine.state === 'ready' ? found : this.withoutEngine(found))
    }
    return this.become({ state: 'done', startedAt, endedAt: new Date().toISOString(), checks, facts: this.facts() })
  }

  mend(mend: Mend): Promise<DoctorReport> {
    this.problems = this.problems.filter((check) => check.mend !== mend)
    return this.run()
  }

  private withoutEngine(check: DoctorCheck): DoctorCheck {
    if (['home', 'ports', 'disk', 'subnets', 'kubectl'].includes(check.id)) return check
    if (check.id !== 'engine') return { ...describeFinding(check.id, true, 'skipped-engine'), skipped: true }
    const message = this.engine.message ?? 'There is no engine.'
    return {
      ...problem('engine', false, 'engine-none', { reason: message, advice: 'Start Docker.' }),
      mend: 'start-engine',
    }
  }

  private facts(): DoctorFacts {
    const images = { node: 312e6, 'control-plane': 268e6, etcd: 61e6, nginx: 98e6, valkey: 74e6, busybox: 4.1e6 }
    return {
      version: '0.1.0',
      runtime: 'Node.js 26.1.0, Linux 6.1.0 x64',
      home: HOME,
      engine: this.engine,
      images:
        this.engine.state === 'ready'
          ? Object.entries(images).map(([name, sizeBytes]) => ({ name: `node-lab.invalid/${name}:1`, sizeBytes }))
          : [],
      cacheFolder: '/home/learner/.cache/node-lab',
      freeBytes: 81.2e9,
      totalBytes: 494e9,
    }
  }

  private become(report: DoctorReport): DoctorReport {
    this.report = report
    this.onChange(report)
    return report
  }
}
