/** `core/v1` serviceaccounts. */
import { SERVICE_ACCOUNT_SCHEMA, type ServiceAccount } from '../../../../common/api/service-account.ts'
import { AGE, column, NAME, printTable } from '../../columns.ts'
import { defineKind } from '../../define-kind.ts'

export const SERVICE_ACCOUNTS = defineKind<ServiceAccount>({
  group: '',
  kind: 'ServiceAccount',
  resource: 'serviceaccounts',
  shortNames: ['sa'],
  namespaced: true,
  schema: SERVICE_ACCOUNT_SCHEMA,
  printer: printTable<ServiceAccount>([
    NAME,
    { ...column('Secrets', 'string', 'Number of secrets.'), cell: ({ secrets = [] }) => secrets.length },
    AGE,
  ]),
})
