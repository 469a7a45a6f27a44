/** Whether a user may do something (upstream's `authorizer.Attributes` and `authorizer.Authorizer`). */
import type { UserInfo } from '../authentication/user-info.ts'

export type RequestVerb =
  | 'get'
  | 'list'
  | 'watch'
  | 'create'
  | 'update'
  | 'patch'
  | 'delete'
  | 'deletecollection'
  | (string & {})

/** A request for a resource, or for a path beside the resources (`/healthz`). */
export type AuthorizerAttributes = { user: UserInfo; verb: RequestVerb } & (
  | {
      type: 'resource'
      group: string
      version: string
      resource: string
      /** Empty when there is none. */
      subresource: string
      namespace: string
      /** Of a list or watch by `metadata.name` it is that name. */
      name: string
      /** Of a list, watch or deletecollection, as in the query. */
      fieldSelector?: string
    }
  | { type: 'path'; path: string }
)

export interface Decision {
  verdict: 'allow' | 'deny' | 'noOpinion'
  reason: string
}

/** The first authorizer with an opinion decides; none means no. */
export interface Authorizer {
  authorize(attributes: AuthorizerAttributes): Promise<Decision>
}
