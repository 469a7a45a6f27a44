/** Bodies of writes as typed objects, in whichever notation they come. */
import { unsupportedMediaType } from '../../kube/status-error.ts'
import { decodeBody, type BodyKind, type DecodedBody, type FieldValidation } from '../serialization/json/decode-body.ts'
import { PROTOBUF_MEDIA_TYPE } from '../serialization/protobuf/decode-protobuf-body.ts'
import { mediaTypeOf, type Exchange } from './exchange.ts'

const MEDIA_TYPES = ['application/json', 'application/yaml', PROTOBUF_MEDIA_TYPE] as const

/** @throws StatusError 400, 413 or 415 */
export async function readObject(
  exchange: Exchange,
  kind: BodyKind,
  fieldValidation: FieldValidation,
): Promise<DecodedBody> {
  const asked = mediaTypeOf(exchange.request) || 'application/json'
  const mediaType = MEDIA_TYPES.find((type) => type === asked)
  if (mediaType === undefined) throw unsupportedMediaType(MEDIA_TYPES)
  const notation = mediaType === 'application/yaml' ? mediaType : 'application/json'
  return decodeBody(await exchange.body(), notation, kind, fieldValidation)
}
