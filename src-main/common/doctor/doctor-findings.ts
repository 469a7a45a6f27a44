/** What the doctor may find, in English; other languages translate by the same names. `{name}` is filled in. */

export const DOCTOR_FINDINGS = {
  'home-writable': 'The labs are kept in {folder}.',
  'home-unusable': '{reason}',
  'engine-answers': '{name} {version} (API {api}) answers at {endpoint}.',
  'engine-none': '{reason}',
  'engine-silent': 'The engine at {endpoint} does not answer.',
  'images-complete': 'All {count} images of Node Lab are in the engine.',
  'images-missing': '{count} images of Node Lab are not in the engine: {names}.',
  'images-unreadable': '{reason}',
  'architecture-same': 'The engine and its images of Node Lab are for {engine}.',
  'architecture-other': 'The engine runs {engine}, but these images are for another processor: {names}.',
  'limits-kept': 'The engine keeps limits of memory, processor time and processes ({cgroups}).',
  'limits-ignored': 'The engine does not keep these limits: {limits} ({cgroups}).',
  'root-engine': 'The engine runs as root.',
  'rootless-engine': 'The engine runs without root.',
  'selinux-off': 'The engine does not label containers with SELinux.',
  'selinux-on': 'The engine labels containers with SELinux.',
  'clock-same': 'The engine’s clock is that of this machine, to {seconds} s.',
  'clock-behind': 'The engine’s clock is {seconds} s behind that of this machine.',
  'clock-ahead': 'The engine’s clock is {seconds} s ahead of that of this machine.',
  'subpaths-confined': 'Sub-paths of volumes are honoured and confined.',
  'subpaths-ignored': 'The engine ignores the sub-paths of volumes.',
  'subpaths-escape': 'Sub-paths of volumes follow links out of the volume.',
  'mount-shared': 'Containers and this machine share {folder}.',
  'mount-unseen': 'Containers do not see the files in {folder}.',
  'mount-lost': 'What containers write in {folder} does not arrive.',
  'mount-labelled': 'SELinux keeps containers from the files in {folder}.',
  'events-arrive': 'A change of a file on this machine is told to containers at once.',
  'events-missing': 'Containers see files that change on this machine, but are not told of the change.',
  'events-unseen': 'Containers did not see a file that was written on this machine.',
  'socket-found': 'The engine has its socket at {path}.',
  'socket-wrong': '{path} is not the engine’s socket on the engine’s machine.',
  'watchers-enough': '{limit} file watchers and {watches} watched files are allowed for each user.',
  'watchers-few': 'Only {limit} file watchers are allowed for each user.',
  'watchers-used-up': 'Of the {limit} file watchers for each user, not even {tried} are free.',
  'watches-few': 'Only {watches} watched files are allowed for each user.',
  'files-enough': 'A process in a container may have {limit} files open.',
  'files-few': 'A process in a container may have only {limit} files open.',
  'processes-enough': 'There is room for {limit} processes.',
  'processes-few': 'There is room for only {limit} processes.',
  'keyrings-enough': '{used} of {limit} kernel keys of the engine’s user are in use.',
  'keyrings-few': '{used} of {limit} kernel keys of the engine’s user are in use already.',
  'memory-enough': '{free} GB of the engine’s {total} GB of memory are free.',
  'memory-few': 'Only {free} GB of the engine’s {total} GB of memory are free.',
  'disk-free': '{free} GB are free at {folder}.',
  'disk-low': 'Only {free} GB are free at {folder}.',
  'engine-disk-free':
    '{free} GB are free where the engine keeps images and containers ({folder}); its build cache has {cache} GB.',
  'engine-disk-low': 'Only {free} GB are free where the engine keeps images and containers ({folder}).',
  'engine-disk-cache':
    'Only {free} GB are free where the engine keeps images and containers ({folder}); {cache} GB are its build cache.',
  'ports-free': 'Port {port} and more are free on 127.0.0.1.',
  'ports-taken': 'No port from {first} to {last} is free on 127.0.0.1.',
  'ports-refused': 'No program may listen on 127.0.0.1: {reason}.',
  'published-reached': 'A port that a container publishes can be reached from here.',
  'published-unreached': 'A port that a container publishes cannot be reached from here.',
  'subnets-free': 'The next lab can have the addresses {subnet}.',
  'subnets-none': 'Every address range that a lab could have is in use on this machine.',
  'subnets-clash': 'Addresses of labs lie in other networks of this machine: {clashes}.',
  'kubectl-found': 'kubectl {version} is on the PATH.',
  'kubectl-none': 'No kubectl is on the PATH.',
  'kubectl-skew': 'kubectl {version} is on the PATH; the labs’ API servers are {server}.',
  'leavings-none': 'Nothing is left in the engine of labs that are gone.',
  'leavings-found': 'The engine still has parts of labs that this machine has no folder of: {names}.',
  'leavings-unclear': '{reason}',
  'labs-none': 'There is no lab yet.',
  'labs-whole': 'All {count} labs have their parts in the engine.',
  'labs-broken': 'Labs have lost parts in the engine: {names}.',
  'labs-unreadable': '{reason}',
  'probe-broke': 'This could not be looked at: {reason}',
  'skipped-home': 'Not looked at: it needs a folder of the labs.',
  'skipped-engine': 'Not looked at: it needs an engine.',
  'skipped-images': 'Not looked at: it needs the images.',
  'skipped-port': 'Not looked at: it needs a free port.',
  'skipped-container': 'Not looked at: the container that it needs did not run ({reason}).',
  'skipped-survey': 'Not looked at: no container could be run to see it.',
} as const

export type DoctorFinding = keyof typeof DOCTOR_FINDINGS

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
