/** Tells the container of the simulated nodes which of them there are, and gives each its way to the API server. */
import { createHash } from 'node:crypto'
import { labStep } from '../../common/lab/lab-texts.ts'
import type { LabSpec } from '../../common/lab/lab-spec.ts'
import { formatSimulatedNodes, listSimulatedNodes, SIMULATED_GROUP } from '../../common/lab/simulated-nodes.ts'
import { nodeContainerName } from '../../common/node-layout.ts'
import {
  parseSimulatedRecord,
  SIMULATED_APPLIED_PATH,
  SIMULATED_AUTHORITY_PATH,
  SIMULATED_RECORD_PATH,
  simulatedKubeconfigPath,
  type SimulatedRecord,
} from '../../common/simulated-layout.ts'
import { placeFiles, readFileOnNode, removeFiles } from '../control-plane/files-on-node.ts'
import { computeMembership, formatMembership } from '../control-plane/membership.ts'
import { computeSimulatedNodeFile, type ClusterPlace, type NodeFile } from '../control-plane/node-files.ts'
import { requireOnNode } from '../control-plane/run-on-node.ts'
import type { Engine } from '../engine/engine.ts'
import type { OnProgress } from '../lab-manager.ts'
import { inParallel } from '../store/in-parallel.ts'

/** Keys are made by other threads, of which there are four. */
const PARALLEL_CERTIFICATES = 4
/** A kubelet starts in some ten milliseconds; there may be hundreds, and one processor. */
const APPLY_SECONDS = 180
/** The signal comes last; a program that starts just now reads the record by itself. */
const APPLY = `kill -HUP 1; until cmp -s ${SIMULATED_RECORD_PATH} ${SIMULATED_APPLIED_PATH}; do sleep 0.1; done`

export interface JoinSimulatedOptions {
  engine: Engine
  spec: LabSpec
  place: ClusterPlace
  onProgress: OnProgress
}

/**
 * Resolves when the kubelets of just these nodes run; changes nothing when they do already.
 * @throws Conflict with the container's words when it refuses
 */
export async function joinSimulatedNodes(options: JoinSimulatedOptions): Promise<void> {
  const { engine, spec, place } = options
  const container = nodeContainerName(spec.name, SIMULATED_GROUP)
  const present = parseSimulatedRecord((await readFileOnNode(engine, container, SIMULATED_RECORD_PATH)) ?? '')
  const wanted: SimulatedRecord = { cluster: clusterOf(place), nodes: spec.simulatedNodes ?? [] }
  const isTold = present !== undefined && JSON.stringify(present) === JSON.stringify(wanted)
  if (!isTold) await tell(container, wanted, present, options)
  await requireOnNode(engine, container, ['sh', '-c', APPLY], {
    what: 'starting the kubelets',
    node: SIMULATED_GROUP,
    timeoutSeconds: APPLY_SECONDS,
  })
}

async function tell(
  container: string,
  wanted: SimulatedRecord,
  present: SimulatedRecord | undefined,
  { engine, place, onProgress }: JoinSimulatedOptions,
): Promise<void> {
  const names = listSimulatedNodes(wanted.nodes)
  const known = new Set(present?.cluster === wanted.cluster ? listSimulatedNodes(present.nodes) : [])
  const missing = names.filter((name) => !known.has(name))
  if (missing.length > 0)
    onProgress(labStep('simulated-certificates', { group: SIMULATED_GROUP, count: missing.length }))
  await placeFiles(engine, container, SIMULATED_GROUP, await computeFiles(place, missing))
  const gone = [...known].filter((name) => !names.includes(name))
  if (gone.length > 0) await removeFiles(engine, container, SIMULATED_GROUP, gone.map(simulatedKubeconfigPath))
  // Last: whoever is interrupted before begins again.
  const record = { path: SIMULATED_RECORD_PATH, content: JSON.stringify(wanted), mode: 0o600 }
  await placeFiles(engine, container, SIMULATED_GROUP, [record])
  const written = formatSimulatedNodes(names).join(', ')
  if (written === '') onProgress(labStep('simulated-none', { group: SIMULATED_GROUP }))
  else onProgress(labStep('simulated-names', { group: SIMULATED_GROUP, names: written }))
}

async function computeFiles(place: ClusterPlace, names: readonly string[]): Promise<NodeFile[]> {
  const files: NodeFile[] = [
    { path: SIMULATED_AUTHORITY_PATH, content: place.authorities.cluster.certificate, mode: 0o644 },
  ]
  await inParallel(PARALLEL_CERTIFICATES, names, async (name) => {
    files.push(await computeSimulatedNodeFile(place, name))
  })
  return files
}

/** Another authority or another address of the API server is another cluster to a kubelet. */
function clusterOf(place: ClusterPlace): string {
  return createHash('sha256')
    .update(formatMembership(computeMembership(place, '')))
    .digest('hex')
}
