/** `core/v1` secrets. */
import { isDeepStrictEqual } from 'node:util'
import { SECRET_SCHEMA, type Secret } from '../../../../common/api/secret.ts'
import { type FieldError, invalid, required, tooLong } from '../../../../common/validation/field-error.ts'
import {
  base64Size,
  validateBase64,
  validateConfigKeys,
  validateImmutability,
} from '../../../../common/validation/validate-config-data.ts'
import { IS_IMMUTABLE } from '../../../../common/validation/validate-object-meta.ts'
import { AGE, column, NAME, printTable, text } from '../../columns.ts'
import { defineKind } from '../../define-kind.ts'
import { strategyOf } from '../../strategies.ts'

const MAX_BYTES = 1024 * 1024
const SERVICE_ACCOUNT_ANNOTATION = 'kubernetes.io/service-account.name'

/** Keys that a secret of a type has to have. */
const REQUIRED_KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
}

export const SECRETS = defineKind<Secret>({
  group: '',
  kind: 'Secret',
  resource: 'secrets',
  namespaced: true,
  schema: SECRET_SCHEMA,
  strategy: strategyOf<Secret>({
    setDefaults(secret) {
      takeStringData(secret)
      secret.type ??= 'Opaque'
    },
    validate: validateSecret,
    prepareForUpdate(secret, old) {
      // A patch may leave it out; it is never another one.
      if (secret.type === '' && old.type !== undefined) secret.type = old.type
    },
    validateUpdate: (secret, old) => [
      ...(secret.type === old.type ? [] : [invalid('type', secret.type ?? '', IS_IMMUTABLE)]),
      ...validateImmutability(secret, old, ['data'], isDeepStrictEqual),
      ...validateSecret(secret),
    ],
  }),
  printer: printTable<Secret>([
    NAME,
    text('Type', 'What the secret is for.', ({ type }) => type ?? ''),
    { ...column('Data', 'string', 'Number of keys.'), cell: ({ data = {} }) => Object.keys(data).length },
    AGE,
  ]),
  selectableFields: { type: ({ type }) => type ?? '' },
})

/** Plain texts become data; they win over what is there. */
function takeStringData(secret: Secret): void {
  const { stringData } = secret
  if (stringData === undefined) return
  delete secret.stringData
  const encoded = Object.entries(stringData).map(([key, value]) => [key, Buffer.from(value).toString('base64')])
  secret.data = { ...secret.data, ...Object.fromEntries(encoded) }
}

function validateSecret({ metadata, type = '', data = {} }: Secret): FieldError[] {
  const errors = [...validateConfigKeys(data, 'data'), ...validateBase64(data, 'data')]
  const size = Object.values(data).reduce((sum, value) => sum + base64Size(value), 0)
  if (size > MAX_BYTES) errors.push(tooLong('data', MAX_BYTES))
  if (type === 'kubernetes.io/service-account-token') {
    const account = metadata.annotations?.[SERVICE_ACCOUNT_ANNOTATION] ?? ''
    if (account === '') errors.push(required(`metadata.annotations[${SERVICE_ACCOUNT_ANNOTATION}]`))
  }
  for (const key of REQUIRED_KEYS[type] ?? []) {
    if (!Object.hasOwn(data, key)) errors.push(required(`data[${key}]`))
  }
  if (type === 'kubernetes.io/basic-auth' && data['username'] === undefined && data['password'] === undefined) {
    errors.push(required('data[username]'), required('data[password]'))
  }
  return errors
}
