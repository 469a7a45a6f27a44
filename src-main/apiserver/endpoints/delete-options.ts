/** `meta/v1` DeleteOptions, from the body or the query (facts 8.5.7). */
import { invalid as invalidField, unsupported, type FieldError } from '../../common/validation/field-error.ts'
import { badRequest, invalid } from '../../kube/status-error.ts'
import type { DeleteRequest } from '../registry/resource-storage.ts'
import { readInteger, readOptionalFlag } from './query-values.ts'
import { validateDryRun } from './write-query.ts'

interface DeleteOptions {
  gracePeriodSeconds?: number
  orphanDependents?: boolean
  propagationPolicy?: string
  preconditions?: { uid?: string; resourceVersion?: string }
  dryRun?: string[]
}

export interface DeleteQuery {
  request: DeleteRequest
  /** Whether the client said in the old way that dependents go, too; the answer to a deletion that waits is 202 then. */
  acceptsWaiting: boolean
}

const POLICIES = ['Foreground', 'Background', 'Orphan'] as const

/** @param body empty when the options are in the query. @throws StatusError */
export function readDeleteOptions(body: Uint8Array, query: URLSearchParams): DeleteQuery {
  const options = body.length > 0 ? parseBody(body) : fromQuery(query)
  refuse(validate(options))
  const { gracePeriodSeconds, orphanDependents, preconditions, dryRun = [] } = options
  const propagationPolicy =
    POLICIES.find((policy) => policy === options.propagationPolicy) ?? policyOf(orphanDependents)
  return {
    request: {
      dryRun: dryRun.length > 0,
      ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
      ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
      ...(preconditions === undefined ? {} : { preconditions }),
    },
    acceptsWaiting: orphanDependents === false,
  }
}

function policyOf(orphanDependents: boolean | undefined): 'Orphan' | 'Background' | undefined {
  if (orphanDependents === undefined) return undefined
  return orphanDependents ? 'Orphan' : 'Background'
}

function validate({ orphanDependents, propagationPolicy = '', dryRun = [] }: DeleteOptions): FieldError[] {
  const errors: FieldError[] = []
  if (orphanDependents !== undefined && propagationPolicy !== '')
    errors.push(
      invalidField(
        'propagationPolicy',
        propagationPolicy,
        'orphanDependents and deletionPropagation cannot be both set',
      ),
    )
  if (propagationPolicy !== '' && !POLICIES.some((policy) => policy === propagationPolicy))
    errors.push(unsupported('propagationPolicy', propagationPolicy, [...POLICIES, 'nil']))
  return [...errors, ...validateDryRun(dryRun)]
}

function refuse(errors: FieldError[]): void {
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', version: 'v1', kind: 'DeleteOptions' }, '', errors)
}

function fromQuery(query: URLSearchParams): DeleteOptions {
  const gracePeriodSeconds = readInteger(query, 'gracePeriodSeconds')
  const orphanDependents = readOptionalFlag(query, 'orphanDependents')
  const propagationPolicy = query.get('propagationPolicy')
  return {
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(orphanDependents === undefined ? {} : { orphanDependents }),
    ...(propagationPolicy === null ? {} : { propagationPolicy }),
    dryRun: query.getAll('dryRun'),
  }
}

function parseBody(body: Uint8Array): DeleteOptions {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(body).toString())
  } catch (error) {
    throw badRequest(`couldn't get version/kind; json parse error: ${error instanceof Error ? error.message : ''}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badRequest('expected DeleteOptions in the body')
  return checkedOptions({ ...value })
}

function checkedOptions(value: Record<string, unknown>): DeleteOptions {
  if (value['kind'] !== undefined && value['kind'] !== 'DeleteOptions')
    throw badRequest(`decoded object cannot be converted to DeleteOptions`)
  const { gracePeriodSeconds, orphanDependents, propagationPolicy, preconditions, dryRun } = value
  const options: DeleteOptions = {}
  if (typeof gracePeriodSeconds === 'number') options.gracePeriodSeconds = Math.trunc(gracePeriodSeconds)
  if (typeof orphanDependents === 'boolean') options.orphanDependents = orphanDependents
  if (typeof propagationPolicy === 'string') options.propagationPolicy = propagationPolicy
  if (Array.isArray(dryRun)) options.dryRun = dryRun.map(String)
  if (typeof preconditions === 'object' && preconditions !== null) {
    const { uid, resourceVersion } = preconditions as Record<string, unknown>
    options.preconditions = {
      ...(typeof uid === 'string' ? { uid } : {}),
      ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
    }
  }
  return options
}
