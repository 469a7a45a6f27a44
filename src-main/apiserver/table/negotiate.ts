/** What form of answer a client asks for with `Accept` (facts 8.1.2, 8.3.1). */
import { notAcceptable } from '../../kube/status-error.ts'

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
  for (const part of (accept ?? '*/*').split(',')) {
    const [type = '', ...parameters] = part.split(';').map((word) => word.trim())
    const as = parameters.find((word) => word.startsWith('as='))?.slice(3)
    const form: ResponseForm | undefined =
      as === 'Table'
        ? { type: 'table' }
        : as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList'
          ? { type: 'partialMetadata', list: as.endsWith('List') }
          : as === 'APIGroupDiscoveryList'
            ? { type: 'aggregatedDiscovery', version: parameters.includes('v=v2') ? 'v2' : 'v2beta1' }
            : ['*/*', 'application/*', 'application/json', ''].includes(type)
              ? { type: 'json' }
              : type === 'application/yaml'
                ? { type: 'yaml' }
                : undefined
    if (form !== undefined && offered.includes(form.type)) return form
  }
  throw notAcceptable(offered)
}
