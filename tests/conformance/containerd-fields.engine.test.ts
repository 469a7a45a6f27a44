/** Our tables of CRI's field numbers against the description that is compiled into a real containerd. */
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { GET_CONTAINER_EVENTS, UNARY_METHODS } from '../../src-main/container-runtime/grpc/methods.ts'
import type { EnumType, FieldMap, MessageType } from '../../src-main/base/protobuf.ts'
import { ensureContainerdPrograms } from '../support/containerd/containerd-program.ts'
import { readCriDescriptor } from '../support/containerd/cri-descriptor.ts'
import type { CriDescriptor, CriFieldDescriptor } from '../support/containerd/cri-descriptor.ts'

/** Fields that cri-api got after containerd 1.7, with the numbers that Kubernetes 1.36 has them under. */
const NEWER_FIELDS: Record<string, number> = { 'ContainerConfig.stopSignal': 18 }

/** Our names for several of CRI's messages that look the same on the wire. */
const OWN_NAMES = ['Empty', 'StreamResponse']
const SCALAR_TYPES: Record<number, string> = {
  3: 'int64',
  4: 'uint64',
  5: 'int32',
  8: 'bool',
  9: 'string',
  12: 'bytes',
  13: 'uint32',
}
const REPEATED = 3

type FieldType = FieldMap[string][1]

const methods = [...Object.values(UNARY_METHODS), GET_CONTAINER_EVENTS]

/** Every message that is sent or received, those inside of others included. */
function allMessages(): MessageType[] {
  const found = new Map<string, MessageType>()
  const add = (type: FieldType): void => {
    if (typeof type === 'string' || type.kind === 'enum' || type.kind === 'string-map') return
    if (type.kind === 'repeated') return add(type.of)
    if (found.has(type.name)) return
    found.set(type.name, type)
    for (const [, fieldType] of Object.values(type.fields)) add(fieldType)
  }
  for (const { request, response } of methods) [request, response].forEach(add)
  return [...found.values()].filter(({ name }) => !OWN_NAMES.includes(name))
}

/** `cpuPeriod`, `cpu_period` and `CDI_devices` are written in several ways. */
const plain = (name: string): string => name.replaceAll('_', '').toLowerCase()
const lastPart = (typeName: string): string => typeName.split('.').at(-1) ?? ''

/** A type in words that ours and theirs have in common. */
function wordsOf(type: FieldType): string {
  if (typeof type === 'string') return type
  switch (type.kind) {
    case 'message':
      return type.name
    case 'enum':
      return 'enum'
    case 'string-map':
      return 'map'
    case 'repeated':
      return `repeated ${wordsOf(type.of)}`
  }
}

function theirWords({ label, type, typeName }: CriFieldDescriptor): string {
  if (typeName.endsWith('Entry')) return 'map'
  const one = SCALAR_TYPES[type] ?? (type === 14 ? 'enum' : lastPart(typeName))
  return label === REPEATED ? `repeated ${one}` : one
}

function enumOf(type: FieldType): EnumType | undefined {
  if (typeof type === 'string' || type.kind === 'string-map' || type.kind === 'message') return undefined
  return type.kind === 'enum' ? type : enumOf(type.of)
}

describe('CRI on the wire', () => {
  let descriptor: CriDescriptor

  beforeAll(async () => {
    const { program } = await ensureContainerdPrograms(() => undefined)
    descriptor = await readCriDescriptor(join(program, 'usr/bin/containerd'))
  })

  it('given each of our messages, then its fields have the numbers and types that containerd has them under', () => {
    const newer: Record<string, number> = {}
    for (const { name, fields } of allMessages()) {
      const theirs = descriptor.messageType.find((candidate) => candidate.name === name)
      for (const [fieldName, [number, type]] of Object.entries(fields)) {
        const field = theirs?.field.find((candidate) => plain(candidate.name) === plain(fieldName))
        if (field === undefined) newer[`${name}.${fieldName}`] = number
        else
          expect({ field: `${name}.${fieldName}`, number, type: wordsOf(type) }).toEqual({
            field: `${name}.${fieldName}`,
            number: field.number,
            type: theirWords(field),
          })
      }
    }
    expect(newer).toEqual(NEWER_FIELDS)
  })

  it('given each of our enumerations, then its names are in containerd’s order', () => {
    const theirs = [...descriptor.enumType, ...descriptor.messageType.flatMap(({ enumType }) => enumType)]
    let compared = 0
    for (const { name, fields } of allMessages()) {
      const described = descriptor.messageType.find((candidate) => candidate.name === name)
      for (const [fieldName, [number, type]] of Object.entries(fields)) {
        const own = enumOf(type)
        const field = described?.field.find((candidate) => candidate.number === number)
        if (own === undefined || field === undefined) continue
        const found = theirs.find((candidate) => candidate.name === lastPart(field.typeName))
        expect({ fieldName, names: own.names }).toEqual({
          fieldName,
          names: found?.value.toSorted((left, right) => left.number - right.number).map((value) => value.name),
        })
        compared++
      }
    }
    expect(compared).toBeGreaterThan(10)
  })

  it('given each of our methods, then containerd has it with the same messages, but for the newest', () => {
    const missing: string[] = []
    for (const { path, request, response } of methods) {
      const [, serviceName = '', methodName] = path.split('/')
      const service = descriptor.service.find(({ name }) => name === lastPart(serviceName))
      const method = service?.method.find(({ name }) => name === methodName)
      if (method === undefined) {
        missing.push(path)
        continue
      }
      if (!OWN_NAMES.includes(request.name)) expect(lastPart(method.inputType)).toBe(request.name)
      if (!OWN_NAMES.includes(response.name)) expect(lastPart(method.outputType)).toBe(response.name)
    }
    expect(missing).toEqual([])
  })
})
