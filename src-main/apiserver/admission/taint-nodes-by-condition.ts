/** A new node is not ready until a controller has looked at it (plugin/pkg/admission/nodetaint). */
import type { Taint } from '../../common/api/node.ts'
import type { AdmissionPlugin } from './admission-plugin.ts'
import { isOf } from './admission-chain.ts'

const NOT_READY: Taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }

export const TAINT_NODES_BY_CONDITION: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  admit(attributes) {
    if (attributes.operation === 'CREATE' && isOf(attributes, '', 'nodes') && attributes.object !== undefined) {
      const node = attributes.object as unknown as { spec?: { taints?: Taint[] } }
      const taints = node.spec?.taints ?? []
      const isThere = taints.some(({ key, effect }) => key === NOT_READY.key && effect === NOT_READY.effect)
      if (!isThere) node.spec = { ...node.spec, taints: [...taints, { ...NOT_READY }] }
    }
    return Promise.resolve()
  },
}
