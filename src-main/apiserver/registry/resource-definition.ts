/** One resource that the server serves: everything in which kinds differ, as data and pure functions. */
import type { ApiObject, UnknownObject } from '../../common/api/api-object.ts'
import type { ObjectSchema } from '../../common/api/field-schema.ts'
import type { FieldError } from '../../common/validation/field-error.ts'
import type { UserInfo } from '../authentication/user-info.ts'

/** What strategies may know of the request. */
export interface StrategyContext {
  user: UserInfo
  /** Milliseconds since the epoch. */
  now: number
  /** The namespace of the request, empty for cluster-scoped resources. */
  namespace: string
}

/**
 * How a kind is written (upstream's `rest.RESTCreateStrategy`, `RESTUpdateStrategy`, `RESTDeleteStrategy`). Objects are
 * changed in place; metadata that the server owns (uid, times, resourceVersion) is not a strategy's.
 */
export interface Strategy<Kind extends ApiObject> {
  /** Fills defaults, on everything that is decoded: requests and stored objects. */
  setDefaults(object: Kind): void
  /** Drops what a creator may not set, such as status, and begins to count `metadata.generation` where upstream does. */
  prepareForCreate(object: Kind, context: StrategyContext): void
  validate(object: Kind, context: StrategyContext): FieldError[]
  /** Drops what an update of the main resource may not change, and counts `metadata.generation` up where upstream does. */
  prepareForUpdate(object: Kind, old: Kind, context: StrategyContext): void
  validateUpdate(object: Kind, old: Kind, context: StrategyContext): FieldError[]
  /** Warnings for the author of a write. */
  warnings?(object: Kind, old: Kind | undefined): string[]
  /** Whether PUT may create. */
  allowCreateOnUpdate?: boolean
  /** Whether a PUT without a resourceVersion is refused. */
  requireResourceVersionOnUpdate?: boolean
  /**
   * For kinds that end gracefully: the grace of a deletion, in seconds; 0 removes at once. Absent: no grace.
   * `asked` is what the caller wants, if it says so.
   */
  graceSeconds?(object: Kind, asked: number | undefined): number
  /** Whether a deleted object may go; false while it waits for more than finalizers, as a namespace for its content. */
  isDeletable?(object: Kind): boolean
  /** What else changes when a deletion is marked, as a namespace's phase. */
  prepareForDeletion?(object: Kind): void
  /** It can have no dependents: no deletion waits for any (upstream's garbage collection policy `Unsupported`). */
  hasNoDependents?: boolean
}

/** How `/status`, or another part, is written; `prepareForUpdate` keeps everything but the part. */
export type StatusStrategy<Kind extends ApiObject> = Pick<Strategy<Kind>, 'prepareForUpdate' | 'validateUpdate'>

/** `meta.k8s.io` TableColumnDefinition; priority 0 is always shown, 1 with `-o wide`. */
export interface TableColumn {
  name: string
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date'
  format: '' | 'name' | 'int32' | 'int64' | 'date' | 'date-time'
  description: string
  priority: 0 | 1
}

export type TableCell = string | number | boolean | null

export interface TablePrinter<Kind extends ApiObject> {
  columns: readonly TableColumn[]
  /** One cell for each column; `now` in milliseconds since the epoch. */
  cells(object: Kind, now: number): TableCell[]
  /** `conditions` of a row, as a finished pod's `Completed`. */
  conditions?(object: Kind): { type: string; status: string; reason?: string; message?: string }[]
}

/** Another kind's form, in which objects are stored so that two resources show the same ones. */
export interface StoredForm<Kind extends ApiObject> {
  encode(object: Kind): UnknownObject
  decode(stored: UnknownObject): Kind
}

export interface ResourceDefinition<Kind extends ApiObject = ApiObject> {
  /** Empty for the core group. */
  group: string
  version: string
  kind: string
  /** `XList`. */
  listKind: string
  /** Plural, such as `pods`: the name in paths. */
  resource: string
  singularName: string
  shortNames: readonly string[]
  categories: readonly string[]
  namespaced: boolean
  /** What is wrong with a name; absent for RFC 1123 subdomains. Metadata is validated for all kinds alike (`validateObjectMeta`). */
  checkName?: (name: string) => string[]
  /** Of the whole object, with status. */
  schema: ObjectSchema
  strategy: Strategy<Kind>
  /** Present when the resource has `/status`. */
  statusStrategy?: StatusStrategy<Kind>
  /** Other parts that are written by themselves, by their names: a namespace's `finalize`. */
  parts?: Readonly<Record<string, StatusStrategy<Kind>>>
  /** Whether it has `/scale`: `spec.replicas`, `spec.selector` and `status.replicas`. */
  isScalable?: true
  printer: TablePrinter<Kind>
  /** Field labels beside `metadata.name` and `metadata.namespace`, and how each is read (facts 8.3.4). */
  selectableFields: Readonly<Record<string, (object: Kind) => string>>
  /** How long an entry lives by itself, as events do. */
  ttlSeconds?: number
  /** Where it is kept below `/registry/`, as upstream's keys: `pods`, `minions`, `services/specs`, `leases`, … */
  storagePrefix: string
  /** Absent for what is stored as it is served. */
  storedForm?: StoredForm<Kind>
}

/** Forgets the kind, for lists of resources of all kinds. A definition is only ever given objects that it decoded. */
export function defineResource<Kind extends ApiObject>(definition: ResourceDefinition<Kind>): ResourceDefinition {
  return definition as unknown as ResourceDefinition
}
