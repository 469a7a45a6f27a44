/** What belongs to a controller's object, found without looking at everything (pkg/controller/controller_utils.go FilterPodsByOwner). */
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Informer } from '../../kube/informer.ts'
import { controllerOf } from './owner-reference.ts'

const BY_CONTROLLER = 'by-controller'

/** Before `ownedAndOrphans` and `controlledBy` are asked. */
export function indexByController<Kind extends ApiObject>(informer: Informer<Kind>): void {
  informer.addIndex(BY_CONTROLLER, (object) => [controllerOf(object)?.uid ?? orphansOf(object.metadata.namespace)])
}

/** Those of which the object with this uid is the controller. */
export function controlledBy<Kind extends ApiObject>(informer: Informer<Kind>, uid: string | undefined): Kind[] {
  return uid === undefined ? [] : informer.byIndex(BY_CONTROLLER, uid)
}

/** Its own, and those of its namespace that nobody controls. */
export function ownedAndOrphans<Kind extends ApiObject>(informer: Informer<Kind>, { metadata }: ApiObject): Kind[] {
  return [...controlledBy(informer, metadata.uid), ...informer.byIndex(BY_CONTROLLER, orphansOf(metadata.namespace))]
}

/** No uid has such a form. */
function orphansOf(namespace = ''): string {
  return `orphans/${namespace}`
}
