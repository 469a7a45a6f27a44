/** From a `LabSpec` to what is asked of the engine: network, node containers, runtime services (design §3, §4). Pure. */
import { createHash } from 'node:crypto'
import {
  HOME_LABEL,
  LAB_LABEL,
  NODE_LABEL,
  ROLE_LABEL,
  SPEC_HASH_LABEL,
  type EngineRole,
} from '../../common/engine-labels.ts'
import type { ImageCatalogue } from '../../common/images/catalogue.ts'
import type { LabSpec, NodeSpec } from '../../common/lab/lab-spec.ts'
import { SIMULATED_GROUP } from '../../common/lab/simulated-nodes.ts'
import { MANIFESTS_PATH } from '../../common/node-channel.ts'
import {
  API_SERVER_PORT,
  labNetworkName,
  NODE_INIT_PROGRAM,
  NODE_VOLUME_PATHS,
  nodeContainerName,
  nodeVolumeName,
  RUNTIME_ENGINE_SOCKET,
  RUNTIME_ENVIRONMENT,
  RUNTIME_NODE_ROOT,
  RUNTIME_SERVICE_PROGRAM,
  runtimeContainerName,
  KUBELET_CONFIGURATION,
} from '../../common/node-layout.ts'
import { SIMULATED_NODES_PROGRAM } from '../../common/simulated-layout.ts'
import type { Engine, EngineContainerSpec } from '../engine/engine.ts'
import { computeSubnetLayout } from '../network/choose-subnet.ts'
import type { HomeLayout } from '../store/home.ts'

const NODE_STOP_SECONDS = 10
/** Where the seeding helper sees the node's volume, and what an import brought for it. */
const SEED_ROOT = '/volume'
const IMPORTED_SETTINGS = '/imported-settings'

/** What all specs of a lab are made from, besides the `LabSpec`. */
export interface SpecContext {
  layout: HomeLayout
  /** `ImageSet` of lab/images. */
  images: { node: string; pause: string; catalogue: ImageCatalogue }
  /** The engine's socket on the engine's machine. */
  engineSocket: string
}

export type NetworkSpec = Parameters<Engine['createNetwork']>[0]

export function objectLabels(home: string, lab: string, role: EngineRole, node?: string): Record<string, string> {
  const labels: Record<string, string> = { [HOME_LABEL]: home, [LAB_LABEL]: lab, [ROLE_LABEL]: role }
  if (node !== undefined) labels[NODE_LABEL] = node
  return labels
}

export function networkSpec({ layout }: SpecContext, spec: LabSpec): NetworkSpec {
  const { gateway, ipRange } = computeSubnetLayout(spec.subnet)
  return withHash({
    name: labNetworkName(spec.name),
    labels: objectLabels(layout.home, spec.name, 'network'),
    subnet: spec.subnet,
    ipRange,
    gateway,
    internal: !spec.outsideNetwork,
  })
}

/** The node itself: default capabilities, its own paths from its volume, and the one folder of this machine. */
export function nodeContainerSpec({ layout, images }: SpecContext, spec: LabSpec, node: NodeSpec): EngineContainerSpec {
  const volume = nodeVolumeName(spec.name, node.name)
  return withHash({
    name: nodeContainerName(spec.name, node.name),
    image: images.node,
    hostname: node.name,
    entrypoint: [NODE_INIT_PROGRAM],
    labels: objectLabels(layout.home, spec.name, 'node', node.name),
    mounts: [
      ...NODE_VOLUME_PATHS.map((target) => ({ type: 'volume' as const, volume, subpath: target.slice(1), target })),
      { type: 'bind', source: layout.manifests(spec.name, node.name), target: MANIFESTS_PATH },
    ],
    network: { mode: 'network', name: labNetworkName(spec.name), address: node.address, aliases: [node.name] },
    publish: { [API_SERVER_PORT]: node.apiServerPort },
    restartPolicy: 'always',
    // A pod with hostIPC gets the node's.
    shareableIpc: true,
    stopTimeoutSeconds: NODE_STOP_SECONDS,
  })
}

/** The only kind of container with the engine's socket. It has no network; SELinux would keep the socket from it. */
export function runtimeContainerSpec(context: SpecContext, spec: LabSpec, node: NodeSpec): EngineContainerSpec {
  const { layout, images } = context
  const volume = nodeVolumeName(spec.name, node.name)
  return withHash({
    name: runtimeContainerName(spec.name, node.name),
    image: images.node,
    hostname: `${node.name}-runtime`,
    entrypoint: [RUNTIME_SERVICE_PROGRAM],
    environment: {
      [RUNTIME_ENVIRONMENT.lab]: spec.name,
      [RUNTIME_ENVIRONMENT.node]: node.name,
      [RUNTIME_ENVIRONMENT.nodeContainer]: nodeContainerName(spec.name, node.name),
      [RUNTIME_ENVIRONMENT.volume]: volume,
      [RUNTIME_ENVIRONMENT.network]: labNetworkName(spec.name),
      [RUNTIME_ENVIRONMENT.pauseImage]: images.pause,
      [RUNTIME_ENVIRONMENT.catalogue]: JSON.stringify(images.catalogue),
    },
    labels: objectLabels(layout.home, spec.name, 'runtime', node.name),
    mounts: [
      { type: 'volume', volume, target: RUNTIME_NODE_ROOT },
      { type: 'bind', source: context.engineSocket, target: RUNTIME_ENGINE_SOCKET },
    ],
    network: { mode: 'none' },
    restartPolicy: 'always',
    securityOptions: ['label=disable'],
    stopTimeoutSeconds: 2,
  })
}

/** All simulated nodes of the lab: nothing but kubelets, which need the lab's network and the one folder of this machine. */
export function simulatedContainerSpec({ layout, images }: SpecContext, spec: LabSpec): EngineContainerSpec {
  return withHash({
    name: nodeContainerName(spec.name, SIMULATED_GROUP),
    image: images.node,
    hostname: SIMULATED_GROUP,
    entrypoint: [SIMULATED_NODES_PROGRAM],
    labels: objectLabels(layout.home, spec.name, 'simulated', SIMULATED_GROUP),
    mounts: [{ type: 'bind', source: layout.manifests(spec.name, SIMULATED_GROUP), target: MANIFESTS_PATH }],
    network: { mode: 'network', name: labNetworkName(spec.name) },
    restartPolicy: 'always',
    stopTimeoutSeconds: NODE_STOP_SECONDS,
  })
}

/** SHA-256 of the kubelet's configuration as older node images brought it; a kubelet that serves its API refuses them. */
const OUTDATED_KUBELET_CONFIGURATIONS = ['33a567e0e26b079426a224e79ae048e89d40ef93a5c3acac9570e70329b60df1']

/**
 * Fills a node's volume from the node image. Every folder is copied aside, the copies are made durable, and only then
 * each is renamed into place: a folder that is there is whole, and what is there is not touched again. One exception: a
 * kubelet configuration that is still, byte for byte, an older image's gives way to this image's.
 * @param hasSettings whether an import brought files for this volume, which are laid over the image's
 */
export function seedContainerSpec(
  { layout, images }: SpecContext,
  lab: string,
  node: string,
  hasSettings: boolean,
): EngineContainerSpec {
  const copy = NODE_VOLUME_PATHS.map((path) => `copy ${path.slice(1)}`)
  const place = NODE_VOLUME_PATHS.map((path) => `place ${path.slice(1)}`)
  const script = [
    'set -eu',
    `cd ${SEED_ROOT}`,
    'rm -rf .seed',
    'copied=',
    'copy() { [ -d "$1" ] || { mkdir -p ".seed/${1%/*}"; cp -a "/$1" ".seed/$1"; copied=1; }; }',
    'place() { [ -d "$1" ] || { case "$1" in */*) mkdir -p "${1%/*}";; esac; mv ".seed/$1" "$1"; }; }',
    ...copy,
    '[ -z "$copied" ] || sync -f .seed',
    ...place,
    'rm -rf .seed',
    // Before the node starts for the first time; done again after a kill, it comes to the same.
    ...(hasSettings ? [`cp -R ${IMPORTED_SETTINGS}/. .`, 'sync -f .'] : []),
    'renew() { [ "$(sha256sum <"$1")" != "$2  -" ] || { cp -a "/$1" "$1.new"; mv "$1.new" "$1"; }; }',
    ...OUTDATED_KUBELET_CONFIGURATIONS.map((hash) => `renew ${KUBELET_CONFIGURATION.slice(1)} ${hash}`),
  ]
  return {
    name: `${nodeContainerName(lab, node)}.seed`,
    image: images.node,
    entrypoint: ['/bin/sh', '-c', script.join('\n')],
    command: [],
    labels: objectLabels(layout.home, lab, 'helper', node),
    mounts: [
      { type: 'volume', volume: nodeVolumeName(lab, node), target: SEED_ROOT },
      ...(hasSettings
        ? [{ type: 'bind' as const, source: layout.settings(lab, node), target: IMPORTED_SETTINGS, readOnly: true }]
        : []),
    ],
    network: { mode: 'none' },
    restartPolicy: 'no',
  }
}

/** The spec with its own hash among its labels; key order does not matter, since each spec is built in one place. */
function withHash<Spec extends { labels: Record<string, string> }>(spec: Spec): Spec {
  const hash = createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 16)
  return { ...spec, labels: { ...spec.labels, [SPEC_HASH_LABEL]: hash } }
}
