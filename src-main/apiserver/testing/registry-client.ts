/** An API server without HTTP: a client that asks the registry of its own process, so that all of it runs on a test's fake clock. */
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { ApiObject, GroupVersionResource, ObjectList, UnknownObject } from '../../common/api/api-object.ts'
import type {
  ApiClient,
  ListOptions,
  ObjectAddress,
  PatchType,
  WatchOptions,
  WatchStream,
} from '../../kube/api-client.ts'
import { unknownResource } from '../../kube/status-error.ts'
import { QueuedWatch } from '../../kube/testing/queued-watch.ts'
import { discoverVersions } from '../endpoints/discovery/api-groups.ts'
import { apiGroupList } from '../endpoints/discovery/discovery-documents.ts'
import { plainDocument } from '../endpoints/discovery/discovery-handler.ts'
import type { Subresource } from '../endpoints/subresource.ts'
import { PATCH_MEDIA_TYPES, preparePatch } from '../patch/prepare-patch.ts'
import { LOOPBACK_CONTEXT } from '../registry/find-object.ts'
import { decodeBody, type BodyKind } from '../serialization/json/decode-body.ts'
import type { Registry, ResourceStorage } from '../registry/resource-storage.ts'

/** @param subresources what can be created below an object, such as `podBinding` */
export function registryClient(registry: Registry, subresources: readonly Subresource[] = []): ApiClient {
  const storageOf = ({ group, resource }: GroupVersionResource): ResourceStorage => {
    const storage = registry.find(group, resource)
    if (storage === undefined) throw unknownResource()
    return storage
  }
  const versions = discoverVersions({ registry, subresources, virtualResources: [] })
  return {
    getPath: <Answer>(path: string) => {
      const document = path === '/apis' ? apiGroupList(versions) : plainDocument(versions, path)
      return document === undefined ? Promise.reject(unknownResource()) : Promise.resolve(document as Answer)
    },
    async get<Kind extends ApiObject>(of: GroupVersionResource, { namespace = '', name }: ObjectAddress) {
      return asKind<Kind>(await storageOf(of).get(LOOPBACK_CONTEXT, namespace, name))
    },
    async list<Kind extends ApiObject>(of: GroupVersionResource, options: ListOptions = {}) {
      const list = await storageOf(of).list(LOOPBACK_CONTEXT, { namespace: '', ...options })
      return structuredClone(list) as unknown as ObjectList<Kind>
    },
    watch: async <Kind extends ApiObject>(of: GroupVersionResource, options: WatchOptions) =>
      (await openWatch(storageOf(of), options)) as unknown as WatchStream<Kind>,
    async create<Kind extends ApiObject>(of: GroupVersionResource, object: Kind, address?: ObjectAddress) {
      const storage = storageOf(of)
      if (address !== undefined) return asKind<Kind>(await createPart(storage, of, address, object, subresources))
      const body = decode(object, storage.definition)
      return asKind<Kind>(await storage.create(LOOPBACK_CONTEXT, object.metadata.namespace ?? '', body))
    },
    async update<Kind extends ApiObject>(of: GroupVersionResource, object: Kind, subresource = '') {
      const { namespace = '', name = '' } = object.metadata
      const storage = storageOf(of)
      const compute = (): UnknownObject => decode(object, storage.definition)
      const written = await storage.update(LOOPBACK_CONTEXT, namespace, name, compute, { subresource })
      return asKind<Kind>(written.object)
    },
    async patch<Kind extends ApiObject>(
      of: GroupVersionResource,
      { namespace = '', name, subresource = '' }: ObjectAddress,
      type: PatchType,
      body: unknown,
    ) {
      const storage = storageOf(of)
      const bytes = new TextEncoder().encode(JSON.stringify(body))
      const patch = preparePatch(PATCH_MEDIA_TYPES[type], bytes, storage.definition, 'Strict')
      const compute = (current: UnknownObject | undefined): UnknownObject => {
        if (current === undefined) throw unknownResource()
        return patch(current).object
      }
      const written = await storage.update(LOOPBACK_CONTEXT, namespace, name, compute, { subresource })
      return asKind<Kind>(written.object)
    },
    async delete(of, { namespace = '', name }, options = {}) {
      await storageOf(of).delete(LOOPBACK_CONTEXT, namespace, name, options)
    },
  }
}

/** As a body is read: without what is zero. */
function decode(object: ApiObject, kind: BodyKind): UnknownObject {
  return decodeBody(new TextEncoder().encode(JSON.stringify(object)), 'application/json', kind, 'Strict').object
}

/** What the registry gives may be frozen, and shared. */
function asKind<Kind extends ApiObject>(object: object): Kind {
  return structuredClone(object) as Kind
}

async function openWatch(storage: ResourceStorage, options: WatchOptions): Promise<QueuedWatch> {
  const { namespace = '', resourceVersion, labelSelector } = options
  const watch = new QueuedWatch(storage.definition.resource, options, () => void objects.dispose())
  const request = {
    namespace,
    resourceVersion,
    allowWatchBookmarks: options.allowWatchBookmarks ?? false,
    ...(labelSelector === undefined ? {} : { labelSelector }),
  }
  const objects = await storage.watch(LOOPBACK_CONTEXT, request, {
    onEvent: (event) => watch.push(structuredClone(event)),
    onEnd: () => watch.end(),
  })
  return watch
}

async function createPart(
  parent: ResourceStorage,
  of: GroupVersionResource,
  { namespace = '', name, subresource = '' }: ObjectAddress,
  object: ApiObject,
  subresources: readonly Subresource[],
): Promise<object> {
  const part = subresources.find((one) => one.resource === of.resource && one.name === subresource)
  if (part?.schema === undefined) throw unknownResource()
  const body = decode(object, { ...part.kind, schema: part.schema })
  const answer = await part.serve({
    context: LOOPBACK_CONTEXT,
    method: 'POST',
    namespace,
    name,
    rest: '',
    query: new URLSearchParams(),
    dryRun: false,
    body: () => Promise.resolve(body),
    incoming: new IncomingMessage(new Socket()),
    parent,
    signal: new AbortController().signal,
  })
  if (answer.type === 'raw') throw new Error(`${of.resource}/${subresource} answers with no object`)
  return answer.object
}
