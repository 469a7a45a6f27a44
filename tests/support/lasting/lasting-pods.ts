/** The pods of a lab that has to last: of every kind that stands differently after a fault, the same ten on each node. */
import { RUN_FOREVER, shellManifest } from '../manifests.ts'
import { CRASH_EXIT_CODE } from './lasting-snapshot.ts'

/** On the node. */
export const KEPT_FOLDER = '/srv/kept'

/** Writes what nobody could make again, once, into both volumes of the pod. */
const WRITE_ONCE = '[ -f /kept/mark ] || cat /proc/sys/kernel/random/uuid | tee /kept/mark > /cache/mark'

function keeper(name: string): string {
  const base = JSON.parse(shellManifest(name, `${WRITE_ONCE}; ${RUN_FOREVER}`)) as {
    spec: { containers: Record<string, unknown>[]; volumes?: unknown }
  }
  base.spec.volumes = [
    { name: 'kept', hostPath: { path: `${KEPT_FOLDER}/${name}`, type: 'DirectoryOrCreate' } },
    { name: 'cache', emptyDir: {} },
  ]
  const [container] = base.spec.containers
  if (container !== undefined)
    container['volumeMounts'] = [
      { name: 'kept', mountPath: '/kept' },
      { name: 'cache', mountPath: '/cache' },
    ]
  return JSON.stringify(base)
}

function probed(name: string): string {
  const probe = { exec: { command: ['test', '-f', '/tmp/up'] }, periodSeconds: 5 }
  const base = JSON.parse(shellManifest(name, `touch /tmp/up; ${RUN_FOREVER}`)) as {
    spec: { containers: Record<string, unknown>[] }
  }
  const [container] = base.spec.containers
  if (container !== undefined)
    Object.assign(container, {
      readinessProbe: probe,
      livenessProbe: { ...probe, initialDelaySeconds: 5, timeoutSeconds: 20, failureThreshold: 10 },
    })
  return JSON.stringify(base)
}

/** Manifest by file name. @param count at most ten */
export function lastingManifests(count = 10): Record<string, string> {
  const pods: [string, string][] = [
    ['sleep-1', shellManifest('sleep-1', RUN_FOREVER)],
    ['crash-1', shellManifest('crash-1', `exit ${CRASH_EXIT_CODE}`)],
    ['done-1', shellManifest('done-1', 'exit 0', { restartPolicy: 'Never' })],
    ['keeper-1', keeper('keeper-1')],
    ['probed-1', probed('probed-1')],
    ['sleep-2', shellManifest('sleep-2', RUN_FOREVER)],
    ['beside', shellManifest('beside', RUN_FOREVER, { hostNetwork: true })],
    ['keeper-2', keeper('keeper-2')],
    ['done-2', shellManifest('done-2', 'exit 0', { restartPolicy: 'OnFailure' })],
    ['crash-2', shellManifest('crash-2', `sleep 1; exit ${CRASH_EXIT_CODE}`)],
  ]
  return Object.fromEntries(pods.slice(0, count).map(([name, manifest]) => [`${name}.yaml`, manifest]))
}
