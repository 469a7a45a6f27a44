/** Lists and watch events as `meta.k8s.io/v1` Tables and as PartialObjectMetadata. */
import type { ListMeta, UnknownObject } from '../../common/api/api-object.ts'
import type { TableCell, TableColumn, TablePrinter } from '../registry/resource-definition.ts'

export type IncludeObject = 'None' | 'Metadata' | 'Object'

export interface TableOptions {
  includeObject: IncludeObject
  /** Milliseconds since the epoch. */
  now: number
  /** In a watch only the first event has them. */
  withColumns: boolean
}

export interface Table {
  kind: 'Table'
  apiVersion: 'meta.k8s.io/v1'
  metadata: ListMeta
  columnDefinitions: readonly TableColumn[] | null
  rows: TableRow[]
}

export interface TableRow {
  cells: TableCell[]
  conditions?: { type: string; status: string; reason?: string; message?: string }[]
  object: object | null
}

/** `metadata` is the list's, or for a single object its resourceVersion. */
export function encodeTable(
  printer: TablePrinter<UnknownObject>,
  objects: readonly UnknownObject[],
  metadata: ListMeta,
  options: TableOptions,
): Table {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: options.withColumns ? printer.columns : null,
    rows: objects.map((object) => ({
      cells: printer.cells(object, options.now),
      ...conditionsOf(printer, object),
      object: includedObject(object, options.includeObject),
    })),
  }
}

function conditionsOf(printer: TablePrinter<UnknownObject>, object: UnknownObject): Pick<TableRow, 'conditions'> {
  const conditions = printer.conditions?.(object) ?? []
  return conditions.length === 0 ? {} : { conditions }
}

function includedObject(object: UnknownObject, include: IncludeObject): object | null {
  switch (include) {
    case 'None':
      return null
    case 'Metadata':
      return partialObjectMetadata(object)
    case 'Object':
      return object
  }
}

export interface PartialObjectMetadata {
  kind: 'PartialObjectMetadata'
  apiVersion: 'meta.k8s.io/v1'
  metadata: UnknownObject['metadata']
}

/** Only the metadata of an object. */
export function partialObjectMetadata(object: UnknownObject): PartialObjectMetadata {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata }
}

export interface PartialObjectMetadataList {
  kind: 'PartialObjectMetadataList'
  apiVersion: 'meta.k8s.io/v1'
  metadata: ListMeta
  items: PartialObjectMetadata[]
}

/** Only the metadata of each object. */
export function partialObjectMetadataList(
  objects: readonly UnknownObject[],
  metadata: ListMeta,
): PartialObjectMetadataList {
  const items = objects.map(partialObjectMetadata)
  return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items }
}
