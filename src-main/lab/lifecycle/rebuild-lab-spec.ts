/** A lab whose `lab.yaml` was lost while the engine still has its nodes: what it was, as far as that can be told. */
import { existsSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import { LAB_LABEL } from '../../common/engine-labels.ts'
import type { LabSpec } from '../../common/lab/lab-spec.ts'
import { nodeNameFault } from '../../common/lab/names.ts'
import type { RepairNote } from '../../common/lab/repair-note.ts'
import { isReservedNodeName } from '../../common/lab/simulated-nodes.ts'
import type { Engine } from '../engine/engine.ts'
import type { LabContext } from '../lab-context.ts'
import { observeLab } from '../reconcile/observe-lab.ts'
import { newLabSpec, withNode, type AddressChoices } from '../store/compute-lab-spec.ts'
import { hasCode } from '../store/error-code.ts'
import type { HomeLayout } from '../store/home.ts'

export interface RebuiltLab {
  spec: LabSpec
  note: RepairNote
}

/**
 * Nodes that have a disk or a container, with new addresses. One of them is the control plane if the lab's certificates are there and
 * it has the manifest of an API server; without the certificates all nodes stand alone again. `undefined`: the engine has no node of it.
 */
export async function rebuildLabSpec(
  { store }: Pick<LabContext, 'store'>,
  engine: Engine,
  lab: string,
  choices: () => Promise<AddressChoices>,
): Promise<RebuiltLab | undefined> {
  const { layout } = store
  const names = await listNodes(engine, lab, layout.home)
  if (names.length === 0) return undefined
  const chosen = await choices()
  // An empty folder is what an earlier attempt has made.
  const hasKeys = await holdsFiles(layout.pki(lab))
  const controlPlane = hasKeys ? names.find((name) => hasApiServer(layout, lab, name)) : undefined
  let spec = await newLabSpec(lab, 0, chosen)
  for (const name of names)
    spec = await withNode(spec, name, chosen, name === controlPlane ? 'control-plane' : 'worker')
  const wasMember = await hasMembers(engine, lab)
  // As long as it is there, nodes are asked whether they are members still, and leave the cluster.
  if (controlPlane === undefined) await mkdir(layout.pki(lab), { recursive: true, mode: 0o700 })
  const state = controlPlane !== undefined ? 'kept' : wasMember ? 'lost' : 'none'
  return { spec, note: { kind: 'lab-file', nodes: names, controlPlane: state } }
}

async function holdsFiles(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length > 0
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}

async function listNodes(engine: Engine, lab: string, home: string): Promise<string[]> {
  const { volumes, containers } = await observeLab(engine, lab, home)
  const ofContainers = containers.filter(({ role }) => role === 'node').map(({ node }) => node)
  const names = new Set([...volumes.map(({ node }) => node), ...ofContainers])
  return [...names].filter((name) => nodeNameFault(name) === undefined && !isReservedNodeName(name)).toSorted()
}

function hasApiServer(layout: HomeLayout, lab: string, node: string): boolean {
  const folders = [layout.manifests(lab, node), layout.manifestsAside(lab, node)]
  return folders.some((folder) => existsSync(path.join(folder, 'kube-apiserver.yaml')))
}

/** By the containers of an API server that were not removed with the folder. */
async function hasMembers(engine: Engine, lab: string): Promise<boolean> {
  const containers = await engine.listContainers({ [LAB_LABEL]: lab })
  return containers.some(({ name }) => name.includes('k8s_kube-apiserver_'))
}
