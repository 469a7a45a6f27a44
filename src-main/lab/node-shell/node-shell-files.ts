/**
 * What a node has to know of its lab so that one gets from node to node by name: keys for SSH, and the others' addresses.
 * None of it lies in a folder that a pod's hostPath can reach (`NODE_VOLUME_PATHS`).
 */
import type { LabSpec } from '../../common/lab/lab-spec.ts'
import { formatDropbearKey, formatPrivateKey, formatPublicKey, type LabKeys } from './lab-keys.ts'

/** The node's init puts these lines into `/etc/hosts`, which the engine writes anew whenever the node starts. */
const LAB_HOSTS_FILE = '/etc/node-lab/hosts'

export interface NodeShellFile {
  /** Absolute, on the node. */
  path: string
  content: string | Buffer
  mode: number
}

/** The same for all nodes of the lab. */
export function computeNodeShellFiles(spec: Pick<LabSpec, 'name' | 'nodes'>, keys: LabKeys): NodeShellFile[] {
  const client = formatPublicKey(keys.client)
  return [
    { path: '/root/.ssh/id_ed25519', content: formatPrivateKey(keys.client), mode: 0o600 },
    { path: '/root/.ssh/id_ed25519.pub', content: `${client} root@${spec.name}\n`, mode: 0o644 },
    { path: '/root/.ssh/authorized_keys', content: `${client} root@${spec.name}\n`, mode: 0o600 },
    { path: '/etc/ssh/ssh_known_hosts', content: formatKnownHosts(spec, formatPublicKey(keys.host)), mode: 0o644 },
    { path: '/etc/dropbear/dropbear_ed25519_host_key', content: formatDropbearKey(keys.host), mode: 0o600 },
    { path: LAB_HOSTS_FILE, content: formatHosts(spec), mode: 0o644 },
  ]
}

/** Only the lab's own: a server outside is asked about, as everywhere. */
function formatKnownHosts({ nodes }: Pick<LabSpec, 'nodes'>, key: string): string {
  return nodes.map(({ address, name }) => `${name},${address} ${key}\n`).join('')
}

function formatHosts({ nodes }: Pick<LabSpec, 'nodes'>): string {
  return nodes.map(({ address, name }) => `${address}\t${name}\n`).join('')
}
