/**
 * How our own engine is started: in a mount namespace that is the machine's, but for the program folders.
 *
 * The launcher covers `/usr` (and what of `/bin`, `/lib` ... is no link into it) with the engine's, and leaves all other
 * folders as they are. So every folder of the machine is at the same path for the engine, those that are made later
 * too, and bind mounts of labs need no list of folders.
 *
 * Mount propagation is *slave* for the whole tree:
 * - not shared, or the machine itself would find its `/usr` covered, and see every mount of the engine's;
 * - not private, or a disk or home folder that is mounted on the machine later would be an empty folder to containers.
 * As the namespace's mounts exist nowhere else, an engine that is started again must enter the namespace of what a killed
 * engine left behind (containerd and the shims of running containers), where the containers' file systems are mounted.
 */
import { readdir, readFile, readlink } from 'node:fs/promises'
import type { OwnEnginePaths } from './own-engine-paths.ts'
import { ownPidFile } from './own-engine-paths.ts'

/** Arguments: program folder, state folder, run folder, `new` or `joined`. */
const LAUNCHER = `
set -eu
program=$1 state=$2 run=$3 namespace=$4
if [ "$namespace" = new ]; then
  # What belongs to the machine and not to its system programs stays the machine's.
  if [ -d /usr/local ]; then mount --rbind /usr/local "$program/usr/local"; fi
  if [ -d /usr/lib/modules ]; then mount --rbind /usr/lib/modules "$program/usr/lib/modules"; fi
  if [ -e /etc/ld.so.cache ]; then mount --bind "$program/etc/ld.so.cache" /etc/ld.so.cache; fi
  # A containerd of the machine would be taken for ours, and cannot see our mounts.
  mkdir -p /run/containerd
  mount -t tmpfs -o mode=0711,size=16m node-lab /run/containerd
  for folder in bin sbin lib lib32 lib64; do
    if [ -d "/$folder" ] && [ ! -L "/$folder" ] && [ -d "$program/usr/$folder" ]; then
      mount --rbind "$program/usr/$folder" "/$folder"
    fi
  done
  mount --rbind "$program/usr" /usr
fi
ulimit -n "$(ulimit -H -n)" || true
mkdir -p "$state/data" "$run/engine"
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \\
  HTTP_PROXY="\${HTTP_PROXY:-\${http_proxy:-}}" HTTPS_PROXY="\${HTTPS_PROXY:-\${https_proxy:-}}" NO_PROXY="\${NO_PROXY:-\${no_proxy:-}}" \\
  /usr/sbin/dockerd --config-file "$state/daemon.json" \\
  --data-root "$state/data" --exec-root "$run/engine" --pidfile "$run/docker.pid" --host "unix://$run/docker.sock" \\
  --group root --ip 127.0.0.1 --storage-driver overlay2 --log-level warn
`

/** A process of this machine, as far as we need it. */
export interface HostProcess {
  pid: number
  name: string
  arguments: string[]
  networkNamespace: string
}

export async function listProcesses(): Promise<HostProcess[]> {
  const processes: HostProcess[] = []
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    try {
      const [name, line, networkNamespace] = await Promise.all([
        readFile(`/proc/${entry}/comm`, 'utf8'),
        readFile(`/proc/${entry}/cmdline`, 'utf8'),
        readlink(`/proc/${entry}/ns/net`),
      ])
      processes.push({ pid: Number(entry), name: name.trim(), arguments: line.split('\0'), networkNamespace })
    } catch {
      // It has ended meanwhile, or is a kernel thread's or another user's: none of ours.
    }
  }
  return processes
}

/** The dockerd of ours, if it runs. */
export function findOwnDaemon(processes: HostProcess[], paths: OwnEnginePaths): HostProcess | undefined {
  return processes.find(({ name, arguments: words }) => name === 'dockerd' && words.includes(ownPidFile(paths)))
}

/** Other dockerds in this network namespace: a second one there would rewrite the first one's `docker0`. */
export function findForeignDaemons(
  processes: HostProcess[],
  paths: OwnEnginePaths,
  networkNamespace: string,
): HostProcess[] {
  return processes.filter(
    (candidate) =>
      candidate.name === 'dockerd' &&
      candidate.networkNamespace === networkNamespace &&
      !candidate.arguments.includes(ownPidFile(paths)),
  )
}

/** What a killed engine of ours left behind: its containerd and the shims of its containers. */
export function findSurvivors(processes: HostProcess[], paths: OwnEnginePaths): HostProcess[] {
  return processes.filter(
    ({ name, arguments: words }) =>
      name.startsWith('containerd') && words.some((word) => word.startsWith(`${paths.run}/engine/containerd/`)),
  )
}

/** Program and arguments that become dockerd. @param survivor whose mount namespace is entered instead of a new one */
export function computeLaunchCommand(
  paths: OwnEnginePaths,
  programFolder: string,
  survivor: HostProcess | undefined,
): { program: string; arguments: string[] } {
  const script = ['sh', '-c', LAUNCHER, 'node-lab-engine', programFolder, paths.state, paths.run]
  if (survivor === undefined)
    return { program: 'unshare', arguments: ['--mount', '--propagation', 'slave', ...script, 'new'] }
  return { program: 'nsenter', arguments: [`--mount=/proc/${survivor.pid}/ns/mnt`, ...script, 'joined'] }
}
