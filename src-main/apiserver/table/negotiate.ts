/** What form of answer a client asks for with `Accept` (facts 8.1.2, 8.3.1). */
import { internalError } from '../../kube/status-error.ts'

/** `json` and `yaml` are the object itself. */
export type ResponseForm =
  | { type: 'json' }
  | { type: 'yaml' }
  | { type: 'table' }
  | { type: 'partialMetadata'; list: boolean }
  | { type: 'aggregatedDiscovery'; version: 'v2' | 'v2beta1' }

export type FormType = ResponseForm['type']

/** The first form of the client's list, by quality and then order, that the endpoint offers. Throws 406. */
export function negotiate(accept: string | undefined, offered: readonly FormType[]): ResponseForm {
  throw internalError(`${accept} ${offered.join()}`)
}
