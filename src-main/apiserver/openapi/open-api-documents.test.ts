import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { mergedBy, object, required, STRING } from '../../common/api/field-schema.ts'
import { OBJECT_META, POD_SCHEMA } from '../../common/api/pod-schema.ts'
import { ALL_DEFINITIONS } from '../registry/all-definitions.ts'
import { defineResource, type ResourceDefinition } from '../registry/resource-definition.ts'
import { OpenAPIDocuments, type OpenAPIRequest } from './open-api-documents.ts'

const TEMPLATE = object('PodTemplateSpec', {
  metadata: OBJECT_META,
  spec: required(POD_SCHEMA.fields['spec'] as typeof POD_SCHEMA),
})
const DAEMON_SET = object('DaemonSet', {
  apiVersion: STRING,
  kind: STRING,
  metadata: required(OBJECT_META),
  spec: required(
    object('DaemonSetSpec', {
      template: required(TEMPLATE),
      rules: mergedBy(['name'], object('Rule', { name: required(STRING) })),
    }),
  ),
})

function definition(changes: Pick<ResourceDefinition, 'group' | 'kind' | 'resource' | 'schema'>): ResourceDefinition {
  return defineResource({
    version: 'v1',
    listKind: `${changes.kind}List`,
    singularName: changes.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    strategy: {
      setDefaults() {},
      prepareForCreate() {},
      validate: () => [],
      prepareForUpdate() {},
      validateUpdate: () => [],
    },
    statusStrategy: { prepareForUpdate() {}, validateUpdate: () => [] },
    printer: { columns: [], cells: () => [] },
    selectableFields: {},
    storagePrefix: changes.resource,
    ...changes,
  })
}

const documents = () =>
  new OpenAPIDocuments(
    [
      definition({ group: 'apps', kind: 'DaemonSet', resource: 'daemonsets', schema: DAEMON_SET }),
      definition({ group: '', kind: 'Pod', resource: 'pods', schema: POD_SCHEMA }),
    ],
    'v1.35.0',
  )

const request = (url: string, changes: Partial<OpenAPIRequest> = {}): OpenAPIRequest => {
  const { pathname, searchParams } = new URL(url, 'https://server')
  return {
    path: pathname,
    query: searchParams,
    accept: undefined,
    acceptsGzip: true,
    ifNoneMatch: undefined,
    ...changes,
  }
}

interface Document {
  paths: Record<string, { patch?: { parameters: { name: string }[]; 'x-kubernetes-group-version-kind': object } }>
  components: { schemas: Record<string, { properties: Record<string, object>; required?: string[] }> }
  definitions: Record<string, { properties: Record<string, object> }>
}

function read(served: OpenAPIDocuments, url: string): Document {
  const { body, headers } = served.serve(request(url))
  const text = headers['Content-Encoding'] === 'gzip' ? gunzipSync(body) : Buffer.from(body)
  return JSON.parse(text.toString()) as Document
}

describe('OpenAPI documents', () => {
  it('given the index, when its addresses are followed, then each is a document that may be kept for ever', () => {
    const served = documents()
    const index = read(served, '/openapi/v3').paths as unknown as Record<string, { serverRelativeURL: string }>
    expect(Object.keys(index)).toEqual(['apis/apps/v1', 'api/v1'])
    for (const { serverRelativeURL } of Object.values(index)) {
      const { status, headers } = served.serve(request(serverRelativeURL))
      expect(status).toBe(200)
      expect(headers['Cache-Control']).toContain('immutable')
    }
  })

  it('given apply of kubectl, then it finds that a PATCH of the kind takes fieldValidation', () => {
    const { patch } = read(documents(), '/openapi/v3/apis/apps/v1').paths[
      '/apis/apps/v1/namespaces/{namespace}/daemonsets/{name}'
    ] ?? { patch: undefined }
    expect(patch?.['x-kubernetes-group-version-kind']).toEqual({ group: 'apps', version: 'v1', kind: 'DaemonSet' })
    expect(patch?.parameters.map(({ name }) => name)).toContain('fieldValidation')
  })

  it('given types that two groups share, then they have the name of the group that they come from', () => {
    const { schemas } = read(documents(), '/openapi/v3/apis/apps/v1').components
    for (const name of [
      'io.k8s.api.apps.v1.DaemonSet',
      'io.k8s.api.apps.v1.DaemonSetSpec',
      'io.k8s.api.apps.v1.DaemonSetList',
      'io.k8s.api.core.v1.PodTemplateSpec',
      'io.k8s.api.core.v1.PodSpec',
      'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta',
      'io.k8s.apimachinery.pkg.api.resource.Quantity',
    ])
      expect(Object.keys(schemas)).toContain(name)
  })

  it('given lists that are merged, then the schema says by what, and says what is required', () => {
    const { schemas } = read(documents(), '/openapi/v3/api/v1').components
    const spec = schemas['io.k8s.api.core.v1.PodSpec']
    expect(spec?.required).toEqual(['containers'])
    expect(spec?.properties['volumes']).toMatchObject({
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge,retainKeys',
    })
    expect(schemas['io.k8s.api.core.v1.Container']?.properties['image']).toEqual({
      description: expect.stringContaining('Image') as string,
      type: 'string',
    })
  })

  it('given every reference of a document, then what it refers to is there', () => {
    for (const url of ['/openapi/v3/api/v1', '/openapi/v3/apis/apps/v1', '/openapi/v2']) {
      const document = read(documents(), url)
      const names = new Set(Object.keys(document.definitions ?? document.components.schemas))
      const references = [
        ...JSON.stringify(document).matchAll(/"\$ref":"#\/(?:components\/schemas|definitions)\/([^"]+)"/g),
      ]
      expect(references.length).toBeGreaterThan(50)
      expect(references.filter(([, name = '']) => !names.has(name))).toEqual([])
    }
  })

  it('given a client that has the document, when it asks again, then nothing is sent', () => {
    const served = documents()
    const { headers } = served.serve(request('/openapi/v2'))
    expect(served.serve(request('/openapi/v2', { ifNoneMatch: headers['ETag'] }))).toMatchObject({ status: 304 })
  })

  it('given any served kind, then each field of it and of its spec and status has a description', () => {
    const served = new OpenAPIDocuments(ALL_DEFINITIONS, 'v1.35.0')
    const index = read(served, '/openapi/v3').paths as unknown as Record<string, { serverRelativeURL: string }>
    const schemas = Object.values(index).flatMap(({ serverRelativeURL }) =>
      Object.entries(read(served, serverRelativeURL).components.schemas),
    )
    const kinds = ALL_DEFINITIONS.flatMap(({ kind }) => [kind, `${kind}Spec`, `${kind}Status`])
    const checked = schemas.filter(([name]) => kinds.includes(name.split('.').at(-1) ?? ''))
    const missing = checked.flatMap(([name, { properties }]) =>
      Object.entries(properties).flatMap(([field, node]) => ('description' in node ? [] : [`${name}.${field}`])),
    )
    expect(checked.length).toBeGreaterThan(25)
    expect(missing).toEqual([])
  })

  it('given kubectl explain of version 2, then it gets protobuf with the names of kinds', () => {
    const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'
    const { headers, body } = documents().serve(request('/openapi/v2', { accept, acceptsGzip: false }))
    expect(headers['Content-Type']).toBe(accept.replace('@', '.'))
    const text = Buffer.from(body).toString('latin1')
    expect(text.startsWith('\n\u00032.0')).toBe(true)
    expect(text).toContain('[{"group":"apps","kind":"DaemonSet","version":"v1"}]')
  })

  it('given an address with an old hash, then the client is sent to the new one', () => {
    const { status, headers } = documents().serve(request('/openapi/v3/api/v1?hash=OLD'))
    expect(status).toBe(301)
    expect(headers['Location']).toMatch(/^\/openapi\/v3\/api\/v1\?hash=[0-9A-F]{128}$/)
  })

  it('given a client without gzip, then it can read what it gets', () => {
    const { body, headers } = documents().serve(request('/openapi/v3/api/v1', { acceptsGzip: false }))
    expect(headers['Content-Encoding']).toBeUndefined()
    expect(JSON.parse(Buffer.from(body).toString())).toMatchObject({ openapi: '3.0.0' })
  })

  it('given a group that is not served, then there is no document', () => {
    expect(documents().serve(request('/openapi/v3/apis/batch/v1')).status).toBe(404)
  })
})
