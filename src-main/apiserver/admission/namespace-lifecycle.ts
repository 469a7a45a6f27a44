/** Nothing is made in a namespace that is missing or ends (apiserver/pkg/admission/plugin/namespace/lifecycle). */
import type { UnknownObject } from '../../common/api/api-object.ts'
import { forbidden, notFound, StatusError } from '../../kube/status-error.ts'
import { findObject } from '../registry/find-object.ts'
import type { Registry } from '../registry/resource-storage.ts'
import type { AdmissionAttributes, AdmissionPlugin } from './admission-plugin.ts'

const IMMORTAL = ['default', 'kube-system', 'kube-public']
const NAMESPACES = { group: '', resource: 'namespaces' }

export function namespaceLifecycle(registry: Registry): AdmissionPlugin {
  return {
    name: 'NamespaceLifecycle',
    async admit(attributes) {
      const { operation, resource, namespace, name } = attributes
      const isNamespace = resource.group === '' && resource.resource === 'namespaces'
      if (operation === 'DELETE' && isNamespace && IMMORTAL.includes(name))
        throw forbidden(NAMESPACES, name, 'this namespace may not be deleted')
      if (isNamespace || namespace === '' || operation === 'DELETE' || isAccessReview(attributes)) return
      if (operation !== 'CREATE' && operation !== 'UPDATE') return
      const found = await findObject(registry, NAMESPACES, '', namespace)
      if (found === undefined) throw notFound(NAMESPACES, namespace)
      if (operation === 'CREATE' && isTerminating(found)) throw terminating(attributes)
    },
  }
}

/** Who may do what is asked of namespaces that are yet to come, too. */
function isAccessReview({ resource }: AdmissionAttributes): boolean {
  return resource.group === 'authorization.k8s.io' && resource.resource === 'localsubjectaccessreviews'
}

function isTerminating({ metadata, ['status']: status }: UnknownObject): boolean {
  return metadata.deletionTimestamp !== undefined || (status as { phase?: string } | undefined)?.phase === 'Terminating'
}

function terminating({ resource, name, namespace }: AdmissionAttributes): StatusError {
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`
  const { status } = forbidden(resource, name, why)
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${namespace} is being terminated`,
    field: 'metadata.namespace',
  }
  return new StatusError({ ...status, details: { ...status.details, causes: [cause] } })
}
