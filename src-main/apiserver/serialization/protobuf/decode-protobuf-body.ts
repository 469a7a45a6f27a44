/** Bodies of `application/vnd.kubernetes.protobuf`, as kubectl's typed clients send them: an envelope that names the kind. */
import { decode, message } from '../../../base/protobuf.ts'
import { ProtobufError } from '../../../base/protobuf-reader.ts'
import { badRequest } from '../../../kube/status-error.ts'
import { decodeMessage } from './decode-message.ts'
import { fieldsOf } from './parse-fields.ts'

export const PROTOBUF_MEDIA_TYPE = 'application/vnd.kubernetes.protobuf'

const MAGIC = Buffer.from('k8s\0')

/** `runtime.Unknown`. */
const ENVELOPE = message('Unknown', {
  typeMeta: [1, message('TypeMeta', { apiVersion: [1, 'string'], kind: [2, 'string'] })],
  raw: [2, 'bytes'],
  contentEncoding: [3, 'string'],
  contentType: [4, 'string'],
})

/** The same object as plain JSON data. Throws `StatusError` (400). */
export function decodeProtobufBody(body: Uint8Array): Record<string, unknown> {
  if (!MAGIC.equals(body.subarray(0, MAGIC.length)))
    throw badRequest(`provided data does not appear to be a protobuf message, expected prefix ${[...MAGIC].join(' ')}`)
  try {
    const { typeMeta, raw, contentEncoding, contentType } = decode(ENVELOPE, body.subarray(MAGIC.length))
    const { apiVersion = '', kind = '' } = typeMeta ?? {}
    if (contentEncoding !== '' || contentType !== '')
      throw badRequest(`an object of type ${JSON.stringify(contentType)} within a protobuf message is not supported`)
    return { apiVersion, kind, ...decodeMessage(messageOf(apiVersion, kind), raw) }
  } catch (error) {
    throw error instanceof ProtobufError ? badRequest(`unable to decode the protobuf message: ${error.message}`) : error
  }
}

/** Options of requests are known in every group, as upstream registers them. */
function messageOf(apiVersion: string, kind: string): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion]
  const own = `${group?.split('.')[0]}.${version}.${kind}`
  const name = fieldsOf(own) === undefined && kind.endsWith('Options') ? `meta.v1.${kind}` : own
  if (fieldsOf(name) === undefined)
    throw badRequest(`no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`)
  return name
}
