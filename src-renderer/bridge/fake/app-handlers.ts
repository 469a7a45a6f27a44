/** Calls of the in-memory bridge about the application and its machine: engine, doctor, settings, tasks, terminals, reset. */
import type { LinkRequest } from '@common/ipc/app-link.ts'
import type { EngineStatus } from '@common/lab/lab-status.ts'
import type { FakeDoctor } from './fake-doctor.ts'
import type { FakeLab } from './fake-lab.ts'
import type { FakeSettings } from './fake-settings.ts'
import type { FakeTerminals } from './fake-terminals.ts'
import type { HandlersOf } from './handlers.ts'

const HOME = '/home/learner/.local/share/node-lab'

/** What the application has besides a lab. */
export interface FakeApp {
  engine: EngineStatus
  /** What `app/take-link` answers, one after the other. */
  links: LinkRequest[]
  doctor: FakeDoctor
  settings: FakeSettings
  terminals: FakeTerminals
}

type AppArea = 'app' | 'engine' | 'doctor' | 'action' | 'logs' | 'reset' | 'settings' | 'task' | 'terminal'

export function appHandlers(fake: FakeLab, app: FakeApp): HandlersOf<AppArea> {
  const { doctor, engine, links, settings, terminals } = app
  return {
    'app/info': async () => ({ version: '0.1.0', platform: 'linux', host: 'browser', home: HOME }),
    'app/take-link': async () => links.shift() ?? null,
    'engine/status': async () => engine,
    'doctor/report': async () => doctor.report ?? null,
    'doctor/run': () => doctor.run(),
    'doctor/mend': ({ mend }) => doctor.mend(mend),
    'action/list': async () => fake.actions,
    'logs/collect': async () => {
      const name = 'node-lab-logs-2026-11-27-06-15-27.tar.gz'
      return { name, sizeBytes: 184_320, path: `/home/learner/Downloads/${name}`, content: null }
    },
    'reset/plan': async () => {
      const { nodes, status } = fake
      return {
        home: HOME,
        labs:
          status === undefined ? [] : [{ name: status.name, nodes: nodes.size, containers: 11, volumes: nodes.size }],
        lostLabs: [],
        settingsFiles: [settings.state.file],
        images: doctor.report?.facts?.images ?? [],
        cacheFolder: '/home/learner/.cache/node-lab',
        engine: engine.endpoint,
      }
    },
    'reset/run': async ({ images, labs: confirmed }) => {
      const labs = fake.status === undefined ? [] : [fake.status.name].filter((name) => confirmed.includes(name))
      for (const lab of labs) fake.remove(lab)
      // As if a lab of another home ran on the newest node image.
      return { labs, keptImages: images ? ['node-lab.invalid/node:9c1f0a77d2e4'] : [] }
    },
    'settings/read': async () => settings.state,
    'settings/write': async ({ change }) => settings.write(change),
    'task/list': async () => fake.tasks.list,
    'task/cancel': async ({ id }) => {
      fake.tasks.cancel(id)
      return null
    },
    'terminal/open': async ({ lab, target, ...size }) => terminals.open(lab, target, size),
    'terminal/list': async ({ lab }) => terminals.list(lab),
    'terminal/input': async ({ terminal, data }) => {
      terminals.input(terminal, data)
      return null
    },
    'terminal/resize': async ({ terminal, ...size }) => {
      terminals.resize(terminal, size)
      return null
    },
    'terminal/close': async ({ terminal }) => {
      terminals.close(terminal)
      return null
    },
  }
}
