/** What the doctor may find, in English; other languages translate by the same names. `{name}` is filled in. */

export const DOCTOR_FINDINGS = {
  'home-writable': 'The labs are kept in {folder}.',
  'engine-answers': '{name} {version} (API {api}) answers at {endpoint}.',
  'engine-silent': 'The engine at {endpoint} does not answer.',
  'subpaths-confined': 'Sub-paths of volumes are honoured and confined.',
  'subpaths-ignored': 'The engine ignores the sub-paths of volumes.',
  'subpaths-escape': 'Sub-paths of volumes follow links out of the volume.',
  'mount-shared': 'Containers and this machine share {folder}.',
  'mount-unseen': 'Containers do not see the files in {folder}.',
  'mount-lost': 'What containers write in {folder} does not arrive.',
  'socket-found': 'The engine has its socket at {path}.',
  'socket-wrong': '{path} is not the engine’s socket on the engine’s machine.',
  'watchers-own': 'The engine’s limits of file watchers are its own.',
  'watchers-enough': '{limit} file watchers are allowed for each user.',
  'watchers-few': 'Only {limit} file watchers are allowed for each user.',
  'disk-free': '{free} GB are free at {folder}.',
  'disk-low': 'Only {free} GB are free at {folder}.',
  'ports-free': 'Free ports can be had on 127.0.0.1.',
  'images-complete': 'All {count} images of Node Lab are in the engine.',
  'images-missing': '{count} images of Node Lab are not in the engine: {names}.',
  'leavings-none': 'Nothing is left in the engine of labs that are gone.',
  'leavings-found': 'The engine still has parts of labs that this machine has no folder of: {names}.',
  'skipped-engine': 'Not looked at: it needs an engine.',
  'skipped-images': 'Not looked at: it needs the images.',
} as const

export type DoctorFinding = keyof typeof DOCTOR_FINDINGS

/** What to do about a finding that is bad news. */
export const DOCTOR_REMEDIES = {
  'engine-silent': 'Start Docker, or run `npm start`, which finds or makes an engine.',
  'subpaths-ignored': 'Install Docker 26 or newer, and point DOCKER_HOST at it.',
  'subpaths-escape': 'Install Docker 26 or newer, and point DOCKER_HOST at it.',
  'mount-unseen':
    'Let the engine see {folder} (Docker Desktop: Settings, Resources, File sharing), or set NODE_LAB_HOME to a folder that it sees.',
  'mount-lost':
    'Let the engine see {folder} (Docker Desktop: Settings, Resources, File sharing), or set NODE_LAB_HOME to a folder that it sees.',
  'socket-wrong': 'Set NODE_LAB_ENGINE_SOCKET to the path of the socket there.',
  'watchers-few': 'Run `sysctl fs.inotify.max_user_instances=512`.',
  'disk-low': 'Free some disk space: images and logs of a lab need about 2 GB.',
  'images-missing':
    'Run `node-lab images build`, or on a machine that cannot make images `node-lab images import FILE`.',
  'leavings-found': 'Run `node-lab delete --lab NAME` for each of them.',
} as const satisfies Partial<Record<DoctorFinding, string>>

export type FindingValues = Readonly<Record<string, string | number>>

/** A text with its `{name}`s filled in; numbers as `formatNumber` has them. */
export function fillText(
  text: string,
  values: FindingValues,
  formatNumber: (value: number) => string = String,
): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    if (value === undefined) return whole
    return typeof value === 'number' ? formatNumber(value) : value
  })
}
