import { describe, expect, it } from 'vitest'
import type { FieldSchema } from '@common/api/field-schema.ts'
import { POD_SCHEMA } from '@common/api/pod-schema.ts'
import { podFieldPaths } from '../../../testing/pod-field-paths.ts'
import { formatFieldPath, parseFieldPath, type FieldPath } from '../field-path.ts'
import { describeField, schemaAt } from '../field-schema-at.ts'
import { KOREAN_DESCRIPTIONS } from './korean-descriptions.ts'

const HANGUL = /\p{Script=Hangul}/u

/** Fields as `Container.image`, types as `Container.`, as the tables of descriptions have them. */
function reachableFrom(path: FieldPath): string[] {
  const place = schemaAt(path)
  if (place === undefined) return []
  const field = place.owner === undefined ? [] : [`${place.owner}.${path.at(-1)}`]
  return [...field, ...typesOf(place.schema)]
}

function typesOf(schema: FieldSchema): string[] {
  if (schema.type === 'array' || schema.type === 'map') return typesOf(schema.items)
  return schema.type === 'object' ? [`${schema.name}.`] : []
}

const distinct = (names: readonly string[]): string[] => [...new Set(names)].toSorted()
const reachable = distinct([...typesOf(POD_SCHEMA), ...podFieldPaths().flatMap(reachableFrom)])
const described = Object.entries(KOREAN_DESCRIPTIONS).flatMap(([type, fields]) =>
  Object.keys(fields).map((field) => `${type}.${field}`),
)

describe('given every type and field that the editor can reach from a Pod', () => {
  it('when Korean texts are looked up, then each has one, and none is for something else', () => {
    expect(reachable.length).toBeGreaterThan(400)
    expect(described.toSorted()).toEqual(reachable)
  })

  it('when a field is described in Korean, then it is a sentence in Korean', () => {
    const spoken = podFieldPaths().filter((path) => !/^\S.*\.$/.test(describeField(path, 'ko')))
    expect(spoken.map(formatFieldPath)).toEqual([])
    const texts = Object.values(KOREAN_DESCRIPTIONS).flatMap((fields) => Object.values(fields))
    expect(texts.filter((text) => !HANGUL.test(text))).toEqual([])
  })

  it('when a field is described in English, then each has a sentence, and nothing of it is Korean', () => {
    const spoken = podFieldPaths().filter((path) => !/^\S.*\.$/.test(describeField(path, 'en')))
    expect(spoken.map(formatFieldPath)).toEqual([])
    expect(podFieldPaths().filter((path) => HANGUL.test(describeField(path, 'en')))).toEqual([])
  })
})

describe('given a field in both languages, when it is described, then each says it in its own words', () => {
  it.each([
    ['apiVersion', 'v1 for a Pod', 'Pod는 v1입니다'],
    ['spec.hostNetwork', 'the network of the node', '노드의 네트워크'],
    ['spec.containers[0]', 'One program that runs in a Pod', '프로그램 하나'],
    ['spec.containers[0].livenessProbe.httpGet', 'An HTTP request', 'HTTP 요청'],
  ])('%s', (path, english, korean) => {
    expect(describeField(parseFieldPath(path), 'en')).toContain(english)
    expect(describeField(parseFieldPath(path), 'ko')).toContain(korean)
  })

  it('nonsense of which no Pod knows has no description in either', () => {
    expect([describeField(['spec', 'nonsense'], 'en'), describeField(['spec', 'nonsense'], 'ko')]).toEqual(['', ''])
  })
})
