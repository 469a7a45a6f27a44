/** `core/v1` configmaps. */
import { isDeepStrictEqual } from 'node:util'
import { CONFIG_MAP_SCHEMA, type ConfigMap } from '../../../../common/api/config-map.ts'
import { type FieldError, invalid, tooLong } from '../../../../common/validation/field-error.ts'
import {
  base64Size,
  validateBase64,
  validateConfigKeys,
  validateImmutability,
} from '../../../../common/validation/validate-config-data.ts'
import { AGE, column, NAME, printTable } from '../../columns.ts'
import { defineKind } from '../../define-kind.ts'
import { strategyOf } from '../../strategies.ts'

const MAX_BYTES = 1024 * 1024

export const CONFIG_MAPS = defineKind<ConfigMap>({
  group: '',
  kind: 'ConfigMap',
  resource: 'configmaps',
  shortNames: ['cm'],
  namespaced: true,
  schema: CONFIG_MAP_SCHEMA,
  strategy: strategyOf<ConfigMap>({
    validate: validateConfigMap,
    validateUpdate: (map, old) => [
      ...validateImmutability(map, old, ['data', 'binaryData'], isDeepStrictEqual),
      ...validateConfigMap(map),
    ],
  }),
  printer: printTable<ConfigMap>([
    NAME,
    {
      ...column('Data', 'string', 'Number of keys.'),
      cell: ({ data = {}, binaryData = {} }) => Object.keys(data).length + Object.keys(binaryData).length,
    },
    AGE,
  ]),
})

function validateConfigMap({ data = {}, binaryData = {} }: ConfigMap): FieldError[] {
  const errors = validateConfigKeys(data, 'data')
  for (const key of Object.keys(data)) {
    if (Object.hasOwn(binaryData, key)) {
      errors.push(invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'))
    }
  }
  errors.push(...validateConfigKeys(binaryData, 'binaryData'), ...validateBase64(binaryData, 'binaryData'))
  const size =
    Object.values(data).reduce((sum, value) => sum + Buffer.byteLength(value), 0) +
    Object.values(binaryData).reduce((sum, value) => sum + base64Size(value), 0)
  return size > MAX_BYTES ? [...errors, tooLong('', MAX_BYTES)] : errors
}
