/**
 * The description of CRI's messages that is compiled into containerd: what gogo/protobuf registers for `api.proto`, a
 * gzipped FileDescriptorProto. Field numbers are those of protobuf's own descriptor.proto.
 */
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { decode, message, repeated } from '../../../src-main/base/protobuf.ts'
import type { DecodedMessage } from '../../../src-main/base/protobuf.ts'

const EnumDescriptor = message('EnumDescriptorProto', {
  name: [1, 'string'],
  value: [2, repeated(message('EnumValueDescriptorProto', { name: [1, 'string'], number: [2, 'int32'] }))],
})
const FieldDescriptor = message('FieldDescriptorProto', {
  name: [1, 'string'],
  number: [3, 'int32'],
  label: [4, 'int32'],
  type: [5, 'int32'],
  typeName: [6, 'string'],
})
const MessageDescriptor = message('DescriptorProto', {
  name: [1, 'string'],
  field: [2, repeated(FieldDescriptor)],
  enumType: [4, repeated(EnumDescriptor)],
})
const MethodDescriptor = message('MethodDescriptorProto', {
  name: [1, 'string'],
  inputType: [2, 'string'],
  outputType: [3, 'string'],
})
const FileDescriptor = message('FileDescriptorProto', {
  package: [2, 'string'],
  messageType: [4, repeated(MessageDescriptor)],
  enumType: [5, repeated(EnumDescriptor)],
  service: [
    6,
    repeated(message('ServiceDescriptorProto', { name: [1, 'string'], method: [2, repeated(MethodDescriptor)] })),
  ],
})

export type CriDescriptor = DecodedMessage<typeof FileDescriptor>
export type CriFieldDescriptor = DecodedMessage<typeof FieldDescriptor>

const GZIP_START = Buffer.from([0x1f, 0x8b, 0x08])
/** More than the description needs, packed. */
const LONGEST_BYTES = 100_000
const PACKAGE = 'runtime.v1'

/** @param program path of containerd. @throws Error when it has no such description */
export async function readCriDescriptor(program: string): Promise<CriDescriptor> {
  const content = await readFile(program)
  for (let at = content.indexOf(GZIP_START); at >= 0; at = content.indexOf(GZIP_START, at + 1)) {
    const unpacked = tryUnpack(content.subarray(at, at + LONGEST_BYTES))
    if (unpacked?.subarray(0, 100).includes(PACKAGE) !== true) continue
    const descriptor = decode(FileDescriptor, unpacked)
    if (descriptor.package === PACKAGE) return descriptor
  }
  throw new Error(`${program} has no description of ${PACKAGE}`)
}

function tryUnpack(packed: Buffer): Buffer | undefined {
  try {
    return gunzipSync(packed)
  } catch {
    // The three bytes were not the beginning of anything.
    return undefined
  }
}
