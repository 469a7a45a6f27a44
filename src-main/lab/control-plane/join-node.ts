/** Makes nodes members of the lab's cluster: files, then one restart of the kubelet. Running pods are not touched. */
import type { LabSpec, NodeSpec } from '../../common/lab/lab-spec.ts'
import { KUBELET_CONFIGURATION, nodeContainerName } from '../../common/node-layout.ts'
import type { Engine } from '../engine/engine.ts'
import { ManifestFolder } from '../manifests/manifest-folder.ts'
import type { LabStore } from '../store/lab-store.ts'
import { computeManifestChanges, CONTROL_PLANE_MANIFESTS } from './manifest-changes.ts'
import {
  computeMembership,
  formatMembership,
  isSameMembership,
  MEMBERSHIP_PATH,
  parseMembership,
  type Membership,
} from './membership.ts'
import {
  computeControlPlaneFiles,
  computeMemberFiles,
  leaveConfiguration,
  MEMBER_FILES,
  UNIT_ADDITION,
  type ClusterPlace,
} from './node-files.ts'
import { placeFiles, readFileOnNode, removeFiles } from './files-on-node.ts'
import { COMMAND_SECONDS, requireOnNode } from './run-on-node.ts'

/** A node that was started a moment ago has no init to speak with yet. */
const RESTART_KUBELET =
  'until [ -p /run/node-lab/control ]; do sleep 0.05; done; systemctl daemon-reload && systemctl restart kubelet'

/** Only what root has not touched. The node itself cannot tell whether it has left, or its files were moved away. */
const FORGET_KUBECONFIG = ['/usr/lib/node-lab/update-kubeconfig', 'left']

export interface JoinContext {
  engine: Engine
  store: LabStore
  spec: LabSpec
  place: ClusterPlace
}

/** For a node that is a member already it does nothing but put its drop-in back. @returns whether it was told something new */
export async function joinNode(context: JoinContext, node: NodeSpec): Promise<boolean> {
  const { engine, place, spec } = context
  const container = nodeContainerName(spec.name, node.name)
  const wanted = computeMembership(place, node.address)
  const present = parseMembership((await readFileOnNode(engine, container, MEMBERSHIP_PATH)) ?? '')
  if (present !== undefined && isSameMembership(present, wanted)) return restoreUnitAddition(engine, container, node)
  const configuration = (await readFileOnNode(engine, container, KUBELET_CONFIGURATION)) ?? ''
  const files = await computeMemberFiles(place, node, configuration)
  if (node.role === 'control-plane') files.push(...(await computeControlPlaneFiles(place)))
  await placeFiles(engine, container, node.name, files)
  await restartKubelet(engine, container, node.name)
  // Not before: a kubelet that is about to end would begin with them, and an etcd that is killed while it makes its data
  // stays without a leader for ever.
  if (node.role === 'control-plane') await placeManifests(context, node, present)
  // Last: whoever is interrupted before begins again.
  const record = { path: MEMBERSHIP_PATH, content: formatMembership(wanted), mode: 0o600 }
  await placeFiles(engine, container, node.name, [record])
  return true
}

/** Without it the kubelet of a member ends at each start. */
async function restoreUnitAddition(engine: Engine, container: string, node: NodeSpec): Promise<boolean> {
  if ((await readFileOnNode(engine, container, UNIT_ADDITION.path)) !== undefined) return false
  await placeFiles(engine, container, node.name, [UNIT_ADDITION])
  await restartKubelet(engine, container, node.name)
  return true
}

/** The way back: the kubelet stands alone again. Does nothing for a node that is no member. */
export async function leaveCluster(engine: Engine, lab: string, node: NodeSpec): Promise<boolean> {
  const container = nodeContainerName(lab, node.name)
  if ((await readFileOnNode(engine, container, MEMBERSHIP_PATH)) === undefined) return false
  const configuration = (await readFileOnNode(engine, container, KUBELET_CONFIGURATION)) ?? ''
  const alone = { path: KUBELET_CONFIGURATION, content: leaveConfiguration(configuration), mode: 0o644 }
  await placeFiles(engine, container, node.name, [alone])
  await removeFiles(engine, container, node.name, MEMBER_FILES)
  await requireOnNode(engine, container, FORGET_KUBECONFIG, {
    what: 'the removal of root’s kubeconfig',
    node: node.name,
    timeoutSeconds: COMMAND_SECONDS,
  })
  await restartKubelet(engine, container, node.name)
  await removeFiles(engine, container, node.name, [MEMBERSHIP_PATH])
  return true
}

/** What a learner changed or took away stays so; what is for the node's earlier address gets the new one. */
async function placeManifests(
  { spec, store }: JoinContext,
  node: NodeSpec,
  present: Membership | undefined,
): Promise<void> {
  const folder = new ManifestFolder(store.layout.manifests(spec.name, node.name))
  const asideFolder = new ManifestFolder(store.layout.manifestsAside(spec.name, node.name))
  const there = await readManifests(folder)
  const aside = await readManifests(asideFolder)
  const place = { node: node.name, address: node.address }
  const settings = { scheduleDaemonSetPods: spec.scheduleDaemonSetPods ?? true }
  const changes = computeManifestChanges({ place, settings, there, isFirst: present === undefined })
  // A component that was stopped, in this lab or in the one that it was imported from, stays so.
  for (const [name, content] of Object.entries(changes))
    if (there[name] !== undefined || aside[name] === undefined) await folder.write(name, content, true)
  const asideChanges = computeManifestChanges({ place, settings, there: aside, isFirst: false })
  for (const [name, content] of Object.entries(asideChanges)) await asideFolder.write(name, content, true)
}

/** Those of the control plane, by name. */
async function readManifests(folder: ManifestFolder): Promise<Record<string, string>> {
  const names = new Set((await folder.list()).map(({ name }) => name))
  const texts: Record<string, string> = {}
  for (const name of CONTROL_PLANE_MANIFESTS)
    if (names.has(name)) texts[name] = (await folder.read(name)).toString('utf8')
  return texts
}

async function restartKubelet(engine: Engine, container: string, node: string): Promise<void> {
  await requireOnNode(engine, container, ['sh', '-c', RESTART_KUBELET], {
    what: 'the restart of its kubelet',
    node,
    timeoutSeconds: COMMAND_SECONDS,
  })
}
