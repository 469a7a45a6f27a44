/** A container's environment as its manifest writes it; values of secrets are never shown. Pure. */
import type { Container, EnvVar } from '@common/api/core.ts'

export interface EnvironmentLine {
  name: string
  /** Absent for what comes from elsewhere. */
  value?: string
  /** Where the value comes from, such as `fieldRef status.podIP`. */
  source?: string
  isSecret: boolean
}

/** Names that are likely to hold one, though they are written in the manifest as they are. */
const SECRET_NAME = /pass(?:word|wd)?|secret|token|api_?key|private_?key|credential/i

export function readEnvironment({ env = [], envFrom = [] }: Container): EnvironmentLine[] {
  const whole = envFrom.map(({ prefix = '', configMapRef, secretRef }): EnvironmentLine => {
    const source =
      configMapRef === undefined ? `secret ${secretRef?.name ?? ''}` : `configMap ${configMapRef.name ?? ''}`
    return { name: `${prefix}*`, source, isSecret: secretRef !== undefined }
  })
  return [...whole, ...env.map(readVariable)]
}

function readVariable({ name, value, valueFrom }: EnvVar): EnvironmentLine {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom ?? {}
  if (secretKeyRef !== undefined)
    return { name, source: `secret ${secretKeyRef.name ?? ''} ${secretKeyRef.key}`, isSecret: true }
  if (configMapKeyRef !== undefined)
    return { name, source: `configMap ${configMapKeyRef.name ?? ''} ${configMapKeyRef.key}`, isSecret: false }
  if (fieldRef !== undefined) return { name, source: `fieldRef ${fieldRef.fieldPath}`, isSecret: false }
  if (resourceFieldRef !== undefined)
    return { name, source: `resourceFieldRef ${resourceFieldRef.resource}`, isSecret: false }
  return { name, value: value ?? '', isSecret: SECRET_NAME.test(name) }
}
