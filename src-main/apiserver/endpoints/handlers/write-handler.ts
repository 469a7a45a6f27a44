/** POST, PUT and PATCH of objects and of their status (facts 8.5). */
import { cloneData } from '../../../common/defaults/clone.ts'
import type { UnknownObject } from '../../../common/api/api-object.ts'
import { badRequest, notFound, unsupportedMediaType } from '../../../kube/status-error.ts'
import { applyConfiguration } from '../../managed-fields/apply-configuration.ts'
import { APPLY_MEDIA_TYPE, decodeApplied } from '../../managed-fields/decode-applied.ts'
import { managerOf } from '../../managed-fields/field-manager.ts'
import { PATCH_MEDIA_TYPES, preparePatch } from '../../patch/prepare-patch.ts'
import type {
  ComputeUpdate,
  ObjectPart,
  RequestContext,
  ResourceStorage,
  UpdateRequest,
} from '../../registry/resource-storage.ts'
import { requireName } from '../../registry/same-object.ts'
import type { BodyKind } from '../../serialization/json/decode-body.ts'
import { answerObject, negotiateObjectForm } from '../answer-object.ts'
import { mediaTypeOf, type Exchange } from '../exchange.ts'
import { readObject } from '../request-body.ts'
import type { ResourceRequest } from '../request-info.ts'
import { readWriteQuery } from '../write-query.ts'

export async function serveCreate(
  exchange: Exchange,
  { namespace }: ResourceRequest,
  context: RequestContext,
  storage: ResourceStorage,
  now: number,
): Promise<void> {
  const form = negotiateObjectForm(exchange)
  const { dryRun, fieldManager, fieldValidation } = readWriteQuery(exchange.query, 'CreateOptions')
  const { object, warnings } = await readObject(exchange, storage.definition, fieldValidation)
  warnings.forEach(context.warn)
  const options = { dryRun, fieldManager: managerName(exchange, fieldManager) }
  const created = await storage.create(context, namespace, object, options)
  await answerObject(exchange, form, 201, created, { printer: storage.definition.printer, now })
}

/** Of writes that may find nothing to change. */
export interface WriterContext extends RequestContext {
  /** Throws `StatusError` 403 for somebody who may change such an object but not create one. */
  requireCreate(): Promise<void>
}

export async function serveUpdate(
  exchange: Exchange,
  { namespace, name, subresource }: ResourceRequest,
  context: WriterContext,
  storage: ObjectPart,
  now: number,
): Promise<void> {
  const { definition } = storage
  const form = negotiateObjectForm(exchange)
  const { dryRun, fieldManager, fieldValidation } = readWriteQuery(exchange.query, 'UpdateOptions')
  const { object, warnings } = await readObject(exchange, definition, fieldValidation)
  warnings.forEach(context.warn)
  requirePlace(object, namespace, name)
  const request: UpdateRequest = {
    dryRun,
    fieldManager: managerName(exchange, fieldManager),
    subresource,
    createIfMissing: definition.strategy.allowCreateOnUpdate === true,
  }
  const compute: ComputeUpdate<UnknownObject> = async (current) => {
    if (current === undefined) await context.requireCreate()
    return cloneData(object)
  }
  const result = await storage.update(context, namespace, name, compute, request)
  await answerObject(exchange, form, result.created ? 201 : 200, result.object, { printer: definition.printer, now })
}

export async function servePatch(
  exchange: Exchange,
  { namespace, name, subresource }: ResourceRequest,
  context: WriterContext,
  storage: ObjectPart,
  now: number,
): Promise<void> {
  const form = negotiateObjectForm(exchange)
  const isApply = mediaTypeOf(exchange.request) === APPLY_MEDIA_TYPE
  const { compute, request } = isApply
    ? await prepareApply(exchange, storage.definition, context, { name, subresource, now })
    : await prepareOtherPatch(exchange, storage.definition, context, name)
  const result = await storage.update(context, namespace, name, compute, { ...request, subresource })
  await answerObject(exchange, form, result.created ? 201 : 200, result.object, {
    printer: storage.definition.printer,
    now,
  })
}

interface PreparedPatch {
  compute: ComputeUpdate<UnknownObject>
  request: UpdateRequest
}

async function prepareOtherPatch(
  exchange: Exchange,
  kind: BodyKind & { resource: string },
  context: RequestContext,
  name: string,
): Promise<PreparedPatch> {
  const mediaType = mediaTypeOf(exchange.request)
  const types = Object.entries(PATCH_MEDIA_TYPES)
  const type = types.find(([candidate]) => candidate === mediaType)?.[1]
  if (type === undefined) throw unsupportedMediaType([...Object.keys(PATCH_MEDIA_TYPES), APPLY_MEDIA_TYPE])
  const { dryRun, fieldManager, fieldValidation } = readWriteQuery(exchange.query, 'PatchOptions')
  const patch = preparePatch(type, await exchange.body(), kind, fieldValidation)
  return {
    compute: (current) => {
      if (current === undefined) throw notFound(kind, name)
      const { object, warnings } = patch(current)
      warnings.forEach(context.warn)
      return object
    },
    request: { dryRun, fieldManager: managerName(exchange, fieldManager) },
  }
}

async function prepareApply(
  exchange: Exchange,
  kind: BodyKind,
  context: WriterContext,
  { name, subresource, now }: { name: string; subresource: string; now: number },
): Promise<PreparedPatch> {
  const { dryRun, fieldManager, fieldValidation, force } = readWriteQuery(exchange.query, 'PatchOptions', true)
  const { object, warnings } = decodeApplied(await exchange.body(), kind, fieldValidation)
  warnings.forEach(context.warn)
  object.metadata.name ??= name
  const write = { kind, manager: fieldManager ?? '', subresource, now, force }
  return {
    compute: async (current) => {
      if (current === undefined) await context.requireCreate()
      return applyConfiguration(current, object, write)
    },
    request: { dryRun, createIfMissing: true },
  }
}

/** A PUT says the same as its address. */
function requirePlace(object: UnknownObject, namespace: string, name: string): void {
  requireName(object, name)
  const { namespace: ownNamespace = '' } = object.metadata
  if (namespace !== '' && ownNamespace !== '' && ownNamespace !== namespace)
    throw badRequest(
      `the namespace of the object (${ownNamespace}) does not match the namespace on the request (${namespace})`,
    )
}

function managerName({ request }: Exchange, fieldManager: string | undefined): string {
  return managerOf(fieldManager, request.headers['user-agent'])
}
