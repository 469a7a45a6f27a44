/** Validation of probes and lifecycle hooks. */
import type { Container, IntOrString, LifecycleHandler, Probe } from '../api/core.ts'
import { type FieldError, forbidden, invalid, required, unsupported } from './field-error.ts'
import { checkHTTPHeaderName, checkPortName, checkPortNumber } from './names.ts'
import { all } from './validate-metadata.ts'

/** Probes and hooks of an app container or sidecar; an init container that is no sidecar may have none. */
export function validateContainerHandlers(
  container: Container,
  field: string,
  gracePeriodSeconds: number,
): FieldError[] {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container
  const errors: FieldError[] = []
  if (lifecycle?.postStart !== undefined) {
    errors.push(...validateHandler(lifecycle.postStart, `${field}.lifecycle.postStart`, gracePeriodSeconds))
  }
  if (lifecycle?.preStop !== undefined) {
    errors.push(...validateHandler(lifecycle.preStop, `${field}.lifecycle.preStop`, gracePeriodSeconds))
  }
  if (livenessProbe !== undefined) errors.push(...validateProbe(livenessProbe, `${field}.livenessProbe`, 'once'))
  if (readinessProbe !== undefined) {
    errors.push(...validateProbe(readinessProbe, `${field}.readinessProbe`, 'any'))
    const { terminationGracePeriodSeconds: grace } = readinessProbe
    const path = `${field}.readinessProbe.terminationGracePeriodSeconds`
    if (grace !== undefined) errors.push(invalid(path, grace, 'must not be set for readinessProbes'))
  }
  if (startupProbe !== undefined) errors.push(...validateProbe(startupProbe, `${field}.startupProbe`, 'once'))
  return errors
}

const PROBE_NUMBERS = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const

function validateProbe(probe: Probe, field: string, success: 'once' | 'any'): FieldError[] {
  const errors = validateHandler(probe, field, 0)
  for (const name of PROBE_NUMBERS) {
    const value = probe[name] ?? 0
    if (value < 0) errors.push(invalid(`${field}.${name}`, value, 'must be greater than or equal to 0'))
  }
  const { terminationGracePeriodSeconds: grace, successThreshold = 1 } = probe
  if (grace !== undefined && grace <= 0) {
    errors.push(invalid(`${field}.terminationGracePeriodSeconds`, grace, 'must be greater than 0'))
  }
  if (success === 'once' && successThreshold !== 1) {
    errors.push(invalid(`${field}.successThreshold`, successThreshold, 'must be 1'))
  }
  return errors
}

/** Exactly one kind of handler, and that one sound. */
function validateHandler(handler: LifecycleHandler & Probe, field: string, gracePeriodSeconds: number): FieldError[] {
  const kinds = (['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const).filter(
    (kind) => handler[kind] !== undefined,
  )
  if (kinds.length === 0) return [required(field, 'must specify a handler type')]
  const errors = kinds.slice(1).map((kind) => forbidden(`${field}.${kind}`, 'may not specify more than 1 handler type'))
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler
  if (exec !== undefined && (exec.command ?? []).length === 0) errors.push(required(`${field}.exec.command`))
  if (httpGet !== undefined) errors.push(...validateHTTPGet(httpGet, `${field}.httpGet`))
  if (tcpSocket !== undefined) errors.push(...validatePort(tcpSocket.port, `${field}.tcpSocket.port`))
  if (grpc !== undefined) errors.push(...all(`${field}.grpc.port`, grpc.port, checkPortNumber(grpc.port)))
  if (sleep !== undefined && (sleep.seconds < 0 || sleep.seconds > gracePeriodSeconds)) {
    const detail = `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriodSeconds})`
    errors.push(invalid(`${field}.sleep`, sleep.seconds, detail))
  }
  return errors
}

function validateHTTPGet(action: NonNullable<Probe['httpGet']>, field: string): FieldError[] {
  const errors: FieldError[] = []
  if ((action.path ?? '') === '') errors.push(required(`${field}.path`))
  errors.push(...validatePort(action.port, `${field}.port`))
  const scheme: string = action.scheme ?? 'HTTP'
  if (scheme !== 'HTTP' && scheme !== 'HTTPS') errors.push(unsupported(`${field}.scheme`, scheme, ['HTTP', 'HTTPS']))
  for (const header of action.httpHeaders ?? []) {
    errors.push(...all(`${field}.httpHeaders`, header.name, checkHTTPHeaderName(header.name)))
  }
  return errors
}

function validatePort(port: IntOrString, field: string): FieldError[] {
  return all(field, port, typeof port === 'number' ? checkPortNumber(port) : checkPortName(port))
}
