/**
 * How a containerd of our own is started beside whatever runs on the machine: in mount, network and process namespaces of
 * its own.
 *
 * - Mounts: `/usr` is covered with the engine program's, as for our own engine; `/run` and `/var/lib` are its own, because
 *   shims and plugins have fixed paths there. Propagation is *slave*: nothing of it is seen on the machine.
 * - Processes: containerd is the first of its namespace, so that whenever it dies every shim and container dies with it;
 *   and it dies with the process that started it, however that ended. Mounts and networks go with the last process.
 * - Network: the pods' bridge exists in there only.
 */

/** Arguments: the folders `program`, `varLib`, and the configuration file. */
const LAUNCHER = `
set -eu
program=$1 var_lib=$2 configuration=$3
if [ -e /etc/ld.so.cache ]; then mount --bind "$program/etc/ld.so.cache" /etc/ld.so.cache; fi
mount -t tmpfs -o mode=0755,size=16m node-lab /run
for folder in bin sbin lib lib32 lib64; do
  if [ -d "/$folder" ] && [ ! -L "/$folder" ] && [ -d "$program/usr/$folder" ]; then
    mount --rbind "$program/usr/$folder" "/$folder"
  fi
done
mount --rbind "$program/usr" /usr
mount --bind "$var_lib" /var/lib
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root containerd --config "$configuration" --log-level warn
`

/** Program and arguments that become a containerd as a child's child; end it by killing the child. */
export function computeContainerdCommand(
  program: string,
  layout: { varLib: string; configuration: string },
): { program: string; arguments: string[] } {
  const namespaces = ['--mount', '--propagation', 'slave', '--net', '--pid', '--fork', '--kill-child', '--mount-proc']
  const script = ['sh', '-c', LAUNCHER, 'node-lab-containerd', program, layout.varLib, layout.configuration]
  return { program: 'setpriv', arguments: ['--pdeathsig', 'KILL', 'unshare', ...namespaces, ...script] }
}
