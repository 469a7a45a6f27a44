/**
 * The command that carries out a remedy, for the machine at hand, where there is one that mends what was found and takes nothing
 * else along; a setting that has to last is the remedy's words' to tell. Commands are the same in every language.
 */
import type { NodeTarget } from '../ipc/calls.ts'
import { labNetworkName } from '../node-layout.ts'
import { fillText, type DoctorFinding, type FindingValues } from './doctor-findings.ts'

/**
 * Where the engine runs, as far as a remedy depends on it: on this Linux machine, in a virtual machine of one of the products,
 * or on a machine of which nothing else is known.
 */
export type EngineHost = 'linux' | 'docker-desktop' | 'colima' | 'rancher-desktop' | 'orbstack' | 'elsewhere'

export interface RemedyPlace {
  engineHost: EngineHost
  /** `process.platform` of this machine. */
  platform: string
  rootless: boolean
  /** Reference of an image in the engine that has `nsenter`, so that a remedy needs no download. */
  toolImage: string
  /** Of this home's labs: where a command that is typed on a node can be typed. */
  nodes: readonly NodeTarget[]
}

const NODE_LAB = 'npm run -s node-lab --'

/** Commands that are the same everywhere. `{name}` is filled in. */
const COMMANDS: Readonly<Partial<Record<DoctorFinding, string>>> = {
  'engine-silent': 'npm start',
  'images-missing': `${NODE_LAB} images build`,
  'images-unreadable': `${NODE_LAB} images build`,
  'architecture-other': `docker image rm {tags} && ${NODE_LAB} images build`,
  'mount-labelled': 'sudo chcon -R -t container_file_t {folder}',
  'events-unseen': `${NODE_LAB} doctor`,
  'engine-disk-low': 'docker system df',
  'engine-disk-cache': 'docker builder prune',
  'subnets-none': 'docker network prune',
  'probe-broke': `${NODE_LAB} doctor`,
  'leavings-unclear': `${NODE_LAB} doctor`,
}

/** `undefined` where no command mends it. */
export function computeRemedyCommand(
  finding: DoctorFinding,
  values: FindingValues,
  place: RemedyPlace,
): string | undefined {
  const command = COMMANDS[finding] ?? computeForPlace(finding, values, place)
  return command === undefined ? undefined : fillText(command, quoted(values))
}

function computeForPlace(finding: DoctorFinding, values: FindingValues, place: RemedyPlace): string | undefined {
  switch (finding) {
    case 'engine-none':
      return computeStart(place)
    case 'home-unusable':
      return computeSetting('NODE_LAB_HOME', place.platform === 'win32' ? '$HOME\\node-lab' : '$HOME/node-lab', place)
    case 'mount-unseen':
    case 'mount-lost':
      return place.engineHost === 'colima' ? 'colima stop && colima start --mount {folder}:w' : undefined
    case 'events-missing':
      if (place.engineHost === 'colima') return 'colima stop && colima start --mount-inotify'
      return place.nodes.length === 0 ? undefined : place.nodes.map((node) => typeOn(node, LOOK_OFTEN)).join(' && ')
    case 'socket-wrong':
      return place.rootless || values['path'] === USUAL_SOCKET
        ? undefined
        : computeSetting('NODE_LAB_ENGINE_SOCKET', USUAL_SOCKET, place)
    case 'watchers-few':
    case 'watchers-used-up':
      return onEngine(place, 'sysctl -w fs.inotify.max_user_instances=512')
    case 'watches-few':
      return onEngine(place, 'sysctl -w fs.inotify.max_user_watches=131072')
    case 'processes-few':
      return onEngine(place, 'sysctl -w kernel.pid_max=131072 kernel.threads-max=131072')
    case 'keyrings-few':
      return onEngine(
        place,
        place.rootless
          ? 'sysctl -w kernel.keys.maxkeys=2000 kernel.keys.maxbytes=2000000'
          : 'sysctl -w kernel.keys.root_maxkeys=1000000 kernel.keys.root_maxbytes=25000000',
      )
    case 'files-few':
      return hasSystemd(place) ? onEngine(place, RAISE_FILES) : undefined
    case 'limits-ignored':
      return computeDelegation(place)
    case 'clock-behind':
    case 'clock-ahead':
      return computeClock(place)
    case 'memory-few':
      return computeMemory(place)
    case 'disk-low':
      return place.platform === 'win32' ? 'Get-PSDrive' : 'du -xhd 1 {folder} | sort -h'
    case 'ports-taken':
      return place.platform === 'linux'
        ? 'ss -ltnp'
        : place.platform === 'darwin'
          ? 'lsof -nP -iTCP -sTCP:LISTEN'
          : 'netstat -ano'
    case 'published-unreached':
    case 'kubectl-none':
    case 'kubectl-skew':
      return place.nodes[0] === undefined ? undefined : typeOn(place.nodes[0])
    case 'leavings-found':
      return eachLab(values, (lab) => `${NODE_LAB} delete --lab ${lab}`)
    case 'subnets-clash':
      return chooseOtherAddresses(String(values['lab']))
    case 'labs-broken':
      return eachLab(values, (lab) => `${NODE_LAB} up --lab ${lab}`)
    default:
      return undefined
  }
}

/** Of an engine that runs as root. */
const USUAL_SOCKET = '/var/run/docker.sock'

/** In the shell of a node whose kubelet looks too rarely. */
const LOOK_OFTEN = `sh -c 'sed -i -e /^fileCheckFrequency:/d -e "\\$ a fileCheckFrequency: 2s" /var/lib/kubelet/config.yaml && systemctl restart kubelet'`

const RAISE_FILES =
  'sh -c \'mkdir -p /etc/systemd/system/docker.service.d && printf "[Service]\\nLimitNOFILE=1048576\\n" > /etc/systemd/system/docker.service.d/node-lab.conf && systemctl daemon-reload && systemctl restart docker\''

/** A shell on a node, or one command there. */
function typeOn({ lab, node }: NodeTarget, command?: string): string {
  return `${NODE_LAB} shell --lab ${lab} ${node}${command === undefined ? '' : ` -- ${command}`}`
}

/** For this and all further commands of the shell. */
function computeSetting(variable: string, value: string, { platform }: RemedyPlace): string {
  return platform === 'win32'
    ? `$env:${variable}="${value}"; ${NODE_LAB} doctor`
    : `export ${variable}="${value}" && ${NODE_LAB} doctor`
}

/** Whether the engine is a unit of its machine's systemd. */
function hasSystemd({ engineHost, rootless }: RemedyPlace): boolean {
  return !rootless && (engineHost === 'linux' || engineHost === 'colima')
}

function onEngine({ engineHost, toolImage }: RemedyPlace, command: string): string {
  switch (engineHost) {
    case 'linux':
      return `sudo ${command}`
    case 'colima':
      return `colima ssh -- sudo ${command}`
    case 'rancher-desktop':
      return `rdctl shell sudo ${command}`
    case 'docker-desktop':
    case 'orbstack':
    case 'elsewhere':
      return `docker run --rm --privileged --pid=host --entrypoint nsenter ${toolImage} -t 1 -m -n -i ${command}`
  }
}

function computeStart({ engineHost, platform }: RemedyPlace): string {
  if (engineHost === 'colima') return 'colima start'
  if (platform === 'darwin') return 'open -a Docker'
  if (platform === 'win32') return 'docker desktop start'
  return 'npm start'
}

/** What an engine that runs as root cannot keep is the kernel's: nothing to be changed by a pasted line. */
function computeDelegation({ engineHost, rootless }: RemedyPlace): string | undefined {
  if (engineHost !== 'linux' || !rootless) return undefined
  return "sudo mkdir -p /etc/systemd/system/user@.service.d && printf '[Service]\\nDelegate=cpu cpuset io memory pids\\n' | sudo tee /etc/systemd/system/user@.service.d/delegate.conf && sudo systemctl daemon-reload"
}

function computeClock({ engineHost, platform }: RemedyPlace): string | undefined {
  switch (engineHost) {
    case 'colima':
      return 'colima ssh -- sudo hwclock -s'
    case 'rancher-desktop':
      return 'rdctl shell sudo hwclock -s'
    case 'orbstack':
      return 'orb restart docker'
    case 'docker-desktop':
      return platform === 'win32' ? 'wsl --shutdown; docker desktop restart' : 'docker desktop restart'
    case 'linux':
      return 'sudo timedatectl set-ntp true'
    case 'elsewhere':
      return undefined
  }
}

function computeMemory({ engineHost }: RemedyPlace): string {
  switch (engineHost) {
    case 'colima':
      return 'colima stop && colima start --memory 4'
    case 'rancher-desktop':
      return 'rdctl set --virtual-machine.memory-in-gb 4'
    case 'orbstack':
      return 'orb config set memory_mib 4096'
    case 'docker-desktop':
    case 'linux':
    case 'elsewhere':
      return 'docker stats --no-stream'
  }
}

/** A lab whose network is missing gets free addresses from `up`; its disks, settings and manifests stay. */
function chooseOtherAddresses(lab: string): string {
  return `${NODE_LAB} down --lab ${lab} && docker network rm -f ${labNetworkName(lab)} && ${NODE_LAB} up --lab ${lab}`
}

function eachLab({ labs = '' }: FindingValues, command: (lab: string) => string): string {
  return String(labs).split(', ').map(command).join(' && ')
}

/** A folder's name may have blanks, which a shell takes for the end of it. */
function quoted({ folder, ...values }: FindingValues): FindingValues {
  if (folder === undefined) return values
  const text = String(folder)
  return { ...values, folder: /^[\w./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'` }
}
