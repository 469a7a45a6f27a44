/** Who makes a request, as authentication found out (upstream's `user.Info`). */
export interface UserInfo {
  name: string
  uid?: string
  groups: readonly string[]
  /** Such as `authentication.kubernetes.io/credential-id`. */
  extra?: Readonly<Record<string, readonly string[]>>
}

export const ANONYMOUS: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

/** The API server's own requests to itself (its loopback client). */
export const LOOPBACK: UserInfo = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] }
