/** Leases: a node has one, in `kube-node-lease`, that bears its name. */
import type { AdmissionAttributes } from '../admission-plugin.ts'

const NAMESPACE = 'kube-node-lease'

export function findLeaseFault(
  node: string,
  { operation, namespace, name, object }: AdmissionAttributes,
): string | undefined {
  if (namespace !== NAMESPACE) return `can only access leases in the ${JSON.stringify(NAMESPACE)} system namespace`
  const requested = operation === 'CREATE' ? (object?.metadata.name ?? '') : name
  if (requested === node) return undefined
  return 'can only access node lease with the same name as the requesting node'
}
