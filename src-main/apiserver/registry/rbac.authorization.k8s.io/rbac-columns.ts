/** The columns of roles and bindings. */
import type { RoleBinding, RoleSubject } from '../../../common/api/rbac.ts'
import { AGE, column, NAME, printTable, text, wide } from '../columns.ts'

export const ROLE_PRINTER = printTable([
  NAME,
  {
    ...column('Created At', 'date', 'When the role was created.'),
    cell: ({ metadata }) => metadata.creationTimestamp ?? '',
  },
])

export const BINDING_PRINTER = printTable<RoleBinding>([
  NAME,
  text('Role', 'What is granted.', ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`),
  AGE,
  wide(text('Users', 'Users that it is granted to.', (binding) => join(binding, 'User'))),
  wide(text('Groups', 'Groups that it is granted to.', (binding) => join(binding, 'Group'))),
  wide(
    text('ServiceAccounts', 'Service accounts that it is granted to.', (binding) => join(binding, 'ServiceAccount')),
  ),
])

function join({ subjects = [] }: RoleBinding, kind: RoleSubject['kind']): string {
  return subjects
    .filter((subject) => subject.kind === kind)
    .map(({ name, namespace }) => (kind === 'ServiceAccount' ? `${namespace ?? ''}/${name}` : name))
    .join(', ')
}
