/** `kubectl taint node` with a taint of our own, and its end. */
import type { Node, Taint } from '../../common/api/node.ts'
import { isLabError } from '../../common/lab-error.ts'
import { NODES } from '../../kube/resources.ts'
import { hasReason } from '../../kube/status-error.ts'
import { askCluster, type ExperimentScene } from './experiment-scene.ts'

export const TAINT_KEY = 'compare.node-lab.invalid/experiment'
/** Kubelets and controllers write taints, too. */
const CONFLICT_RETRIES = 10

type Place = Pick<ExperimentScene, 'context' | 'lab'>

/** @throws NotFound, Unavailable */
export function taintNode(place: Place, node: string, effect: Taint['effect']): Promise<void> {
  return changeTaints(place, node, (taints) => [...taints, { key: TAINT_KEY, effect }])
}

/** Fine when there is no such taint, or no such node. @throws Unavailable */
export async function untaintNode(place: Place, node: string): Promise<void> {
  try {
    await changeTaints(place, node, (taints) => taints)
  } catch (error) {
    if (!isLabError(error) || error.kind !== 'NotFound') throw error
  }
}

async function changeTaints(place: Place, name: string, change: (others: Taint[]) => Taint[]): Promise<void> {
  await askCluster(place, async (client) => {
    for (let retries = 0; ; retries++) {
      const { metadata, spec } = await client.get<Node>(NODES, { name })
      const present = spec?.taints ?? []
      const taints = change(present.filter(({ key }) => key !== TAINT_KEY))
      if (JSON.stringify(taints) === JSON.stringify(present)) return
      const patch = { metadata: { resourceVersion: metadata.resourceVersion }, spec: { taints } }
      try {
        await client.patch(NODES, { name }, 'application/merge-patch+json', patch)
        return
      } catch (error) {
        if (!hasReason(error, 'Conflict') || retries >= CONFLICT_RETRIES) throw error
      }
    }
  })
}
