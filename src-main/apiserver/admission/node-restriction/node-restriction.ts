/**
 * A kubelet writes what is its own: its Node, its lease, its mirror pods, the status of its pods, tokens for them
 * (plugin/pkg/admission/noderestriction; facts 4.9).
 */
import { forbidden } from '../../../kube/status-error.ts'
import { nodeNameOf } from '../../authorization/node/node-identity.ts'
import type { Registry } from '../../registry/resource-storage.ts'
import type { AdmissionAttributes, AdmissionPlugin } from '../admission-plugin.ts'
import { findLeaseFault } from './lease-fault.ts'
import { findNodeFault } from './node-fault.ts'
import { findPodFault } from './pod-fault.ts'
import { findTokenFault } from './token-fault.ts'

export function nodeRestriction(registry: Registry): AdmissionPlugin {
  return {
    name: 'NodeRestriction',
    async admit(attributes) {
      const node = nodeNameOf(attributes.user)
      if (node === undefined) return
      const fault =
        node === ''
          ? `could not determine node from user ${JSON.stringify(attributes.user.name)}`
          : await findFault(registry, node, attributes)
      if (fault !== undefined) throw forbidden(attributes.resource, attributes.name, fault)
    },
  }
}

/** Why the node may not write this; undefined when it may. Other resources are none of this plugin's business. */
async function findFault(
  registry: Registry,
  node: string,
  attributes: AdmissionAttributes,
): Promise<string | undefined> {
  const { group, resource } = attributes.resource
  switch (`${group}/${resource}`) {
    case '/pods':
      return findPodFault(registry, node, attributes)
    case '/nodes':
      return findNodeFault(node, attributes)
    case '/serviceaccounts':
      return findTokenFault(registry, node, attributes)
    case 'coordination.k8s.io/leases':
      return findLeaseFault(node, attributes)
    default:
      return undefined
  }
}
