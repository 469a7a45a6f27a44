/** What a containerd of our own is started with: its configuration, and the network of its pods. */
import { join } from 'node:path'

/** A first address range that nobody else sees: it exists in a network namespace of its own only. */
const POD_SUBNET = '10.213.0.0/24'

/** Where things are in the folder of one containerd. */
export interface ContainerdLayout {
  folder: string
  root: string
  state: string
  /** Covers `/var/lib` in its mount namespace, where plugins keep their leases. */
  varLib: string
  plugins: string
  networks: string
  configuration: string
  socket: string
  log: string
  /** What its pods may mount, and where their logs are. */
  node: string
}

export function computeLayout(folder: string): ContainerdLayout {
  return {
    folder,
    root: join(folder, 'root'),
    state: join(folder, 'state'),
    varLib: join(folder, 'var-lib'),
    plugins: join(folder, 'plugins'),
    networks: join(folder, 'networks'),
    configuration: join(folder, 'config.toml'),
    socket: join(folder, 'cri.sock'),
    log: join(folder, 'containerd.log'),
    node: join(folder, 'node'),
  }
}

/**
 * - `restrict_oom_score_adj`: lowering a score needs CAP_SYS_RESOURCE, which a machine in a container may lack.
 * - The hugetlb controller is not asked for, as not every machine has it.
 * - AppArmor is left out, as its profile would stay in the machine's kernel.
 * - Network namespaces are mounted below the state folder, so that nothing is left in `/run/netns`.
 * - Streams are served on an address that is its own network namespace's.
 */
export function computeConfiguration(layout: ContainerdLayout, pauseImage: string): string {
  const cri = 'plugins."io.containerd.grpc.v1.cri"'
  return `version = 2
root = "${layout.root}"
state = "${layout.state}"
[grpc]
  address = "${layout.socket}"
["plugins"."io.containerd.nri.v1.nri"]
  disable = true
[${cri}]
  sandbox_image = "${pauseImage}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  disable_hugetlb_controller = true
  tolerate_missing_hugetlb_controller = true
  netns_mounts_under_state_dir = true
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
[${cri}.cni]
  bin_dir = "${layout.plugins}"
  conf_dir = "${layout.networks}"
[${cri}.containerd]
  snapshotter = "overlayfs"
  default_runtime_name = "runc"
[${cri}.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
`
}

/** A bridge without a way out: pods reach each other and nothing else. */
export function computeNetwork(): string {
  return JSON.stringify({
    cniVersion: '1.0.0',
    name: 'conformance',
    plugins: [
      {
        type: 'bridge',
        bridge: 'conformance0',
        isGateway: true,
        ipMasq: false,
        ipam: { type: 'host-local', ranges: [[{ subnet: POD_SUBNET }]], routes: [{ dst: '0.0.0.0/0' }] },
      },
    ],
  })
}
