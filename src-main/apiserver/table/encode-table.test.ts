import { describe, expect, it } from 'vitest'
import type { UnknownObject } from '../../common/api/api-object.ts'
import type { TablePrinter } from '../registry/resource-definition.ts'
import { encodeTable, partialObjectMetadataList, type TableOptions } from './encode-table.ts'

const PRINTER: TablePrinter<UnknownObject> = {
  columns: [
    { name: 'Name', type: 'string', format: 'name', description: 'Its name.', priority: 0 },
    { name: 'Age', type: 'string', format: '', description: 'Its age.', priority: 0 },
  ],
  cells: (object, now) => [object.metadata.name ?? '', `${now - Date.parse('2026-01-01T00:00:00Z')}ms`],
  conditions: (object) => (object['done'] === true ? [{ type: 'Completed', status: 'True' }] : []),
}
const thing = (name: string, fields: object = {}): UnknownObject => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name, resourceVersion: '7' },
  ...fields,
})
const options = (changes: Partial<TableOptions> = {}): TableOptions => ({
  includeObject: 'Metadata',
  now: Date.parse('2026-01-01T00:00:01Z'),
  withColumns: true,
  ...changes,
})

describe('Tables', () => {
  it('given a list, when it becomes a Table, then it has the shape that was recorded', () => {
    const table = encodeTable(PRINTER, [thing('a'), thing('b', { done: true })], { resourceVersion: '9' }, options())
    const metadata = (name: string) => ({
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { name, resourceVersion: '7' },
    })
    expect(table).toEqual({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '9' },
      columnDefinitions: PRINTER.columns,
      rows: [
        { cells: ['a', '1000ms'], object: metadata('a') },
        { cells: ['b', '1000ms'], conditions: [{ type: 'Completed', status: 'True' }], object: metadata('b') },
      ],
    })
  })

  it('given a later event of a watch, then it has no columns', () => {
    expect(encodeTable(PRINTER, [thing('a')], {}, options({ withColumns: false })).columnDefinitions).toBeNull()
  })

  it.each([
    ['None', null],
    ['Object', thing('a')],
  ] as const)('given includeObject %s, then the row has just that', (includeObject, object) => {
    expect(encodeTable(PRINTER, [thing('a')], {}, options({ includeObject })).rows[0]?.object).toEqual(object)
  })

  it('given a client of metadata, then a list has nothing else of its objects', () => {
    const list = partialObjectMetadataList([thing('a', { spec: {} })], { resourceVersion: '9' })
    expect(list).toEqual({
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '9' },
      items: [
        {
          kind: 'PartialObjectMetadata',
          apiVersion: 'meta.k8s.io/v1',
          metadata: { name: 'a', resourceVersion: '7' },
        },
      ],
    })
  })
})
