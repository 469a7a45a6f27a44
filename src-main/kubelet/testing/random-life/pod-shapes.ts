/** The pods that random lives are made of, and what their containers do, whatever runs them. */
import type { Container, Pod } from '../../../common/api/core.ts'

/** What a container's process does: it runs until it is stopped, or ends by itself. */
export interface ProgramPlan {
  exitAfterMs?: number
  /** By the number of its start, the last one for all further; 0 when absent. */
  exitCodes?: number[]
  ignoresTerm?: boolean
}

/** Makes a container do what is planned: `command` and `args` of a manifest. */
export type WriteProgram = (plan: ProgramPlan) => Pick<Container, 'image' | 'command' | 'args'>

export const SHAPES = [
  'web',
  'pair',
  'job',
  'failing job',
  'flaky job',
  'crash loop',
  'init',
  'sidecar',
  'sidecar job',
  'stubborn',
  'volume',
  'pre-stop',
  'probed',
  'own uid',
] as const

export type PodShape = (typeof SHAPES)[number]

/** A manifest of the pod; `version` makes it another object. */
export function shapedManifest(shape: PodShape, name: string, version: number, program: WriteProgram): Pod {
  const ownUid = shape === 'own uid' ? { uid: `uid-of-${name}` } : {}
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { version: `v${version}` }, ...ownUid },
    spec: { terminationGracePeriodSeconds: 3, ...shapedSpec(shape, version, program) },
  }
}

function shapedSpec(shape: PodShape, version: number, program: WriteProgram): Pod['spec'] {
  const app = (plan: ProgramPlan = {}, more: Partial<Container> = {}): Container => ({
    name: 'app',
    ...program(plan),
    ...more,
  })
  const short: ProgramPlan = { exitAfterMs: 3000 }
  switch (shape) {
    case 'web':
      return { containers: [app()] }
    case 'pair':
      return { containers: [app(), { name: 'other', ...program({}) }] }
    case 'job':
      return { restartPolicy: 'Never', containers: [app(short)] }
    case 'failing job':
      return {
        restartPolicy: 'Never',
        containers: [app({ ...short, exitCodes: [3] }), { name: 'other', ...program(short) }],
      }
    case 'flaky job':
      return { restartPolicy: 'OnFailure', containers: [app({ exitAfterMs: 1000, exitCodes: [1, 1, 0] })] }
    case 'crash loop':
      return { containers: [app({ exitAfterMs: 500, exitCodes: [1] })] }
    case 'init':
      return { initContainers: [{ name: 'first', ...program({ exitAfterMs: 1000 }) }], containers: [app()] }
    case 'sidecar':
      return { initContainers: [{ name: 'side', restartPolicy: 'Always', ...program({}) }], containers: [app()] }
    case 'sidecar job':
      return {
        restartPolicy: 'Never',
        initContainers: [{ name: 'side', restartPolicy: 'Always', ...program({}) }],
        containers: [app(short)],
      }
    case 'stubborn':
      return { terminationGracePeriodSeconds: 2, containers: [app({ ignoresTerm: true })] }
    case 'volume':
      return {
        volumes: [{ name: 'scratch', emptyDir: {} }],
        containers: [app({}, { volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }] })],
      }
    case 'pre-stop':
      return { containers: [app({}, { lifecycle: { preStop: { exec: { command: ['false'] } } } })] }
    case 'probed':
      return {
        containers: [
          app({}, { livenessProbe: { exec: { command: ['cat', '/healthy'] }, periodSeconds: 1, failureThreshold: 2 } }),
        ],
      }
    case 'own uid':
      // The UID stays when the rest changes, so the container has to follow by itself.
      return { containers: [app({}, { env: [{ name: 'VERSION', value: `${version}` }] })] }
  }
}
