/** The API's defaulting of role bindings, in place (upstream: pkg/apis/rbac/v1/defaults.go). */
import { RBAC_GROUP, type RoleBinding } from '../api/rbac.ts'

export function setBindingDefaults({ roleRef, subjects = [] }: RoleBinding): void {
  if (roleRef.apiGroup === '') roleRef.apiGroup = RBAC_GROUP
  for (const subject of subjects) {
    if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ??= RBAC_GROUP
  }
}
