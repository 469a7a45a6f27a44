/** The user names and groups of service accounts (apiserver/pkg/authentication/serviceaccount). */
const PREFIX = 'system:serviceaccount:'

export interface ServiceAccountName {
  namespace: string
  name: string
}

export function serviceAccountUserName({ namespace, name }: ServiceAccountName): string {
  return `${PREFIX}${namespace}:${name}`
}

/** Undefined for a user who is no service account. */
export function parseServiceAccountName(user: string): ServiceAccountName | undefined {
  if (!user.startsWith(PREFIX)) return undefined
  const [namespace = '', name = '', ...rest] = user.slice(PREFIX.length).split(':')
  return namespace === '' || name === '' || rest.length > 0 ? undefined : { namespace, name }
}

export function serviceAccountGroups(namespace: string): string[] {
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`]
}
