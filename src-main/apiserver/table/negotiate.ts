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

/**
 * The best form of the client's list that the endpoint offers: by quality, then in the client's order. Without a header the
 * answer is JSON. Throws `StatusError` (406).
 */
export function negotiate(accept: string | undefined, offered: readonly FormType[]): ResponseForm {
  if (accept === undefined || accept.trim() === '') return { type: 'json' }
  const clauses = accept.slice(0, MAX_HEADER_LENGTH).split(',').map(parseClause)
  clauses.sort((left, right) => right.quality - left.quality)
  for (const clause of clauses) {
    const form = clause.quality > 0 ? formOf(clause) : undefined
    if (form !== undefined && offered.includes(form.type)) return form
  }
  throw notAcceptable(MEDIA_TYPES.filter((type) => offered.includes(type === 'application/json' ? 'json' : 'yaml')))
}

/** The `Content-Type` of an answer in that form; the parameters tell a client that it got aggregated discovery. */
export function contentTypeOf(form: ResponseForm): string {
  switch (form.type) {
    case 'json':
    case 'table':
    case 'partialMetadata':
      return 'application/json'
    case 'yaml':
      return 'application/yaml'
    case 'aggregatedDiscovery':
      return `application/json;g=apidiscovery.k8s.io;v=${form.version};as=APIGroupDiscoveryList`
  }
}

const MEDIA_TYPES = ['application/json', 'application/yaml'] as const
/** A longer header is no client's of ours; what is cut off is not looked at. */
const MAX_HEADER_LENGTH = 8192

interface Clause {
  mediaType: string
  parameters: ReadonlyMap<string, string>
  quality: number
}

function parseClause(text: string): Clause {
  const [mediaType = '', ...rest] = text.split(';').map((part) => part.trim())
  const parameters = new Map(
    rest.map((parameter): [string, string] => {
      const [name = '', value = ''] = parameter.split('=', 2)
      return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')]
    }),
  )
  const quality = Number(parameters.get('q') ?? 1)
  return { mediaType: mediaType.toLowerCase(), parameters, quality: Number.isNaN(quality) ? 1 : quality }
}

function formOf({ mediaType, parameters }: Clause): ResponseForm | undefined {
  const as = parameters.get('as') ?? ''
  const isJSON = ['application/json', 'application/*', '*/*'].includes(mediaType)
  if (as === '') return isJSON ? { type: 'json' } : mediaType === 'application/yaml' ? { type: 'yaml' } : undefined
  return isJSON ? transformed(as, parameters.get('g'), parameters.get('v')) : undefined
}

function transformed(as: string, group: string | undefined, version: string | undefined): ResponseForm | undefined {
  if (group === 'meta.k8s.io' && version === 'v1') {
    if (as === 'Table') return { type: 'table' }
    if (as === 'PartialObjectMetadata') return { type: 'partialMetadata', list: false }
    return as === 'PartialObjectMetadataList' ? { type: 'partialMetadata', list: true } : undefined
  }
  if (group !== 'apidiscovery.k8s.io' || as !== 'APIGroupDiscoveryList') return undefined
  return version === 'v2' || version === 'v2beta1' ? { type: 'aggregatedDiscovery', version } : undefined
}
