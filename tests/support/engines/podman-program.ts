/** Podman's service of Docker's API as the program of a private engine. */
import { readdir, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { EngineProgram } from '../private-engine/engine-program.ts'

/**
 * Arguments: the program's root, the state folder, the run folder, the socket. Podman keeps settings, locks and addresses in
 * fixed places of the system (`/etc`, `/run`, `/var/lib/containers`, `/dev/shm`), so its system is the program's own, under an
 * overlay that is thrown away. Where limits cannot be raised, containers must not ask for it; the memory of that is
 * `default_ulimits`.
 */
const LAUNCHER = `
set -eu
program=$1 state=$2 run=$3 socket=$4
root=$state/root
mkdir -p "$state/upper" "$state/work" "$root" "$state/data"
mount -t overlay overlay -o "lowerdir=$program,upperdir=$state/upper,workdir=$state/work" "$root"
mkdir -p "$root/proc" "$root/sys" "$root/dev" "$root/run" "$root/tmp" "$root/root" "$root/var/tmp" "$root/etc/containers" "$root$state/data"
for folder in proc sys dev tmp; do mount --rbind "/$folder" "$root/$folder"; done
mount -t tmpfs node-lab "$root/dev/shm"
mount -t tmpfs node-lab "$root/run"
mkdir -p "$root/run/lock" "$root$run"
mount --bind "$run" "$root$run"
mount --bind "$state/data" "$root$state/data"
echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
echo 'root:x:0:' >"$root/etc/group"
cat /etc/hosts >"$root/etc/hosts"
cat /etc/resolv.conf >"$root/etc/resolv.conf"
cd "$root/etc/containers"
echo '{"default":[{"type":"insecureAcceptAnything"}]}' >policy.json
cat >containers.conf <<END
[containers]
default_ulimits=["nofile=1024:1024","nproc=1024:1024"]
[engine]
runtime="runc"
cgroup_manager="cgroupfs"
events_logger="file"
END
cat >storage.conf <<END
[storage]
driver="overlay"
graphroot="$state/data"
runroot="/run/containers/storage"
END
exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root PODMAN_IGNORE_CGROUPSV1_WARNING=1 \\
  /usr/bin/podman system service -t 0 "unix://$socket"
`

export function podmanProgram(root: string): EngineProgram {
  return {
    root: undefined,
    computeCommand: ({ settingsFile, socket }) => {
      return ['/bin/sh', '-c', LAUNCHER, 'podman', root, dirname(settingsFile), dirname(socket), socket]
    },
  }
}

const CGROUPS = '/sys/fs/cgroup'
/** Podman's own name, whatever the engine's is. */
const PODMAN_CGROUP = 'libpod_parent'

/** Control groups outlive the processes; those of a Podman that is running cannot be removed and stay. */
export async function removePodmanCgroups(): Promise<void> {
  for (const hierarchy of await readdir(CGROUPS)) await removeEmptyCgroups(join(CGROUPS, hierarchy, PODMAN_CGROUP))
  await removeEmptyCgroups(join(CGROUPS, PODMAN_CGROUP))
}

async function removeEmptyCgroups(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) if (entry.isDirectory()) await removeEmptyCgroups(join(folder, entry.name))
  await rmdir(folder).catch((error: unknown) => {
    if (!['EBUSY', 'ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  })
}
