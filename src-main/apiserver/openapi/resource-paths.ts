/** The paths of a resource with its operations, as far as clients look at them: names, kinds, query parameters, bodies. */
import { groupVersion } from '../../common/api/api-object.ts'
import type { ResourceDefinition } from '../registry/resource-definition.ts'
import type { OpenAPINode } from './convert-schema.ts'
import { PATCH_NAME, STATUS_NAME } from './shared-definitions.ts'

/** Names under which the definitions of a resource's bodies stand, as references. */
export interface BodyReferences {
  object: OpenAPINode
  list: OpenAPINode
  reference(name: string): OpenAPINode
}

export function resourcePaths(definition: ResourceDefinition, bodies: BodyReferences): Record<string, OpenAPINode> {
  const { namespaced, resource, statusStrategy } = definition
  const root = definition.group === '' ? `/api/${definition.version}` : `/apis/${groupVersion(definition)}`
  const collection = namespaced ? `${root}/namespaces/{namespace}/${resource}` : `${root}/${resource}`
  const operations = new Operations(definition, bodies)
  return {
    ...(namespaced ? { [`${root}/${resource}`]: { get: operations.list() } } : {}),
    [collection]: {
      ...(namespaced ? { parameters: [NAMESPACE] } : {}),
      get: operations.list(),
      post: operations.write('post'),
      delete: operations.delete('deletecollection'),
    },
    [`${collection}/{name}`]: {
      parameters: namespaced ? [NAME, NAMESPACE] : [NAME],
      get: operations.get(),
      put: operations.write('put'),
      patch: operations.patch(),
      delete: operations.delete('delete'),
    },
    ...(statusStrategy === undefined
      ? {}
      : {
          [`${collection}/{name}/status`]: {
            parameters: namespaced ? [NAME, NAMESPACE] : [NAME],
            get: operations.get(),
            put: operations.write('put'),
            patch: operations.patch(),
          },
        }),
  }
}

const NAME = {
  name: 'name',
  in: 'path',
  required: true,
  schema: { type: 'string' },
  description: 'Name of the object.',
}
const NAMESPACE = {
  name: 'namespace',
  in: 'path',
  required: true,
  schema: { type: 'string' },
  description: 'Namespace of the object.',
}

const text = (name: string) => ({ name, in: 'query', schema: { type: 'string' } })
const number = (name: string) => ({ name, in: 'query', schema: { type: 'integer' } })
const flag = (name: string) => ({ name, in: 'query', schema: { type: 'boolean' } })
const WRITE = [text('dryRun'), text('fieldManager'), text('fieldValidation')]
const READ_MANY = [
  flag('allowWatchBookmarks'),
  text('continue'),
  text('fieldSelector'),
  text('labelSelector'),
  number('limit'),
  text('resourceVersion'),
  text('resourceVersionMatch'),
  flag('sendInitialEvents'),
  number('timeoutSeconds'),
  flag('watch'),
]
const DELETE = [text('dryRun'), number('gracePeriodSeconds'), text('propagationPolicy')]
const PATCH_TYPES = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
] as const

class Operations {
  private readonly kind: OpenAPINode
  private readonly bodies: BodyReferences

  constructor({ group, version, kind }: ResourceDefinition, bodies: BodyReferences) {
    this.kind = { group, kind, version }
    this.bodies = bodies
  }

  list(): OpenAPINode {
    return this.operation('list', READ_MANY, this.bodies.list)
  }

  get(): OpenAPINode {
    return this.operation('get', [], this.bodies.object)
  }

  write(action: 'post' | 'put'): OpenAPINode {
    return { ...this.operation(action, WRITE, this.bodies.object), requestBody: body(['*/*'], this.bodies.object) }
  }

  patch(): OpenAPINode {
    return {
      ...this.operation('patch', [...WRITE, flag('force')], this.bodies.object),
      requestBody: body(PATCH_TYPES, this.bodies.reference(PATCH_NAME)),
    }
  }

  delete(action: 'delete' | 'deletecollection'): OpenAPINode {
    const parameters = action === 'delete' ? DELETE : [...DELETE, ...READ_MANY]
    return this.operation(action, parameters, this.bodies.reference(STATUS_NAME))
  }

  private operation(action: string, parameters: readonly OpenAPINode[], answer: OpenAPINode): OpenAPINode {
    return {
      ...(parameters.length === 0 ? {} : { parameters }),
      responses: { 200: { description: 'OK', ...content(['application/json'], answer) } },
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': this.kind,
    }
  }
}

function body(mediaTypes: readonly string[], schema: OpenAPINode): OpenAPINode {
  return { required: true, ...content(mediaTypes, schema) }
}

function content(mediaTypes: readonly string[], schema: OpenAPINode): OpenAPINode {
  return { content: Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, { schema }])) }
}
