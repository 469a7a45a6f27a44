/** Bodies of writes as typed objects, in whichever notation they come. */
import { unsupportedMediaType } from '../../kube/status-error.ts'
import { decodeBody, type BodyKind, type DecodedBody, type FieldValidation } from '../serialization/json/decode-body.ts'
import type { Exchange } from './exchange.ts'

const MEDIA_TYPES = ['application/json', 'application/yaml'] as const

/** Without parameters, in small letters; empty when the client does not say. */
export function mediaTypeOf({ request }: Exchange): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}

/** @throws StatusError 400, 413 or 415 */
export async function readObject(
  exchange: Exchange,
  kind: BodyKind,
  fieldValidation: FieldValidation,
): Promise<DecodedBody> {
  const asked = mediaTypeOf(exchange) || 'application/json'
  const mediaType = MEDIA_TYPES.find((type) => type === asked)
  if (mediaType === undefined) throw unsupportedMediaType(MEDIA_TYPES)
  return decodeBody(await exchange.body(), mediaType, kind, fieldValidation)
}
