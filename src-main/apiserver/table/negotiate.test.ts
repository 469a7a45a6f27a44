import { describe, expect, it } from 'vitest'
import { contentTypeOf, negotiate, type FormType } from './negotiate.ts'

const OBJECT: FormType[] = ['json', 'yaml', 'table', 'partialMetadata']
const TABLE =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json'
const DISCOVERY =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,' +
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json'

describe('negotiation', () => {
  it.each([
    ['nothing', undefined, OBJECT, { type: 'json' }],
    ['anything', '*/*', OBJECT, { type: 'json' }],
    ['protobuf or JSON', 'application/vnd.kubernetes.protobuf,application/json', OBJECT, { type: 'json' }],
    ['YAML', 'application/yaml', OBJECT, { type: 'yaml' }],
    ['a Table, as kubectl get', TABLE, OBJECT, { type: 'table' }],
    ['a Table of what has none', TABLE, ['json'], { type: 'json' }],
    [
      'metadata, as the metadata client',
      'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json;q=0.5',
      OBJECT,
      { type: 'partialMetadata', list: true },
    ],
    [
      'JSON rather than a Table',
      'application/json;as=Table;v=v1;g=meta.k8s.io;q=0.5, application/json',
      OBJECT,
      { type: 'json' },
    ],
    ['discovery', DISCOVERY, ['json', 'aggregatedDiscovery'], { type: 'aggregatedDiscovery', version: 'v2' }],
  ] as const)(
    'given a client that asks for %s, then it gets the best that is offered',
    (_what, accept, offered, form) => {
      expect(negotiate(accept, offered)).toEqual(form)
    },
  )

  it.each([
    'application/xml',
    'application/json;q=0',
    'application/json;as=Table;v=v2;g=meta.k8s.io',
    'application/json;as=Pot;v=v1;g=meta.k8s.io',
  ])('given a client that asks for %s alone, then it is told what there is', (accept) => {
    expect(() => negotiate(accept, OBJECT)).toThrow(
      'only the following media types are accepted: application/json, application/yaml',
    )
  })

  it('given aggregated discovery, then the content type says so', () => {
    expect(contentTypeOf(negotiate(DISCOVERY, ['json', 'aggregatedDiscovery']))).toBe(
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    )
  })
})
