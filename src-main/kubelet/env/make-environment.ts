/** A container's environment from `envFrom` and `env` (facts 2.16). */
import type { Container, EnvVar, KeySelector, Pod } from '../../common/api/core.ts'
import type { KeyValue } from '../../container-runtime/cri.ts'
import type { ResourceAmounts } from '../../common/scheduling/pod-requests.ts'
import { podReference } from '../pod-identity.ts'
import type { PodReferences } from '../references/pod-references.ts'
import { ContainerStartError } from '../runtime/container-start-error.ts'
import { fieldValue, resourceValue } from './downward-api.ts'
import type { PodNetworkFacts } from './downward-api.ts'
import { expandReferences } from './expand.ts'

export interface EnvironmentFacts {
  network: PodNetworkFacts
  allocatable: ResourceAmounts
  /** With an API server. */
  references?: PodReferences | undefined
}

/**
 * Processes the variables in order, so that later ones may refer to earlier ones; of a name that occurs twice the
 * last value counts. @throws ContainerStartError `CreateContainerConfigError`
 */
export function makeEnvironment(pod: Pod, container: Container, facts: EnvironmentFacts): KeyValue[] {
  const values = new Map<string, string>()
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const data = {
      ...referencedData(pod, 'configMap', configMapRef, facts),
      ...referencedData(pod, 'secret', secretRef, facts),
    }
    for (const [key, value] of Object.entries(data)) values.set(`${prefix}${key}`, value)
  }
  for (const variable of container.env ?? []) {
    const value = variableValue(pod, container, variable, values, facts)
    if (value !== undefined) values.set(variable.name, value)
  }
  return [...values].map(([key, value]) => ({ key, value }))
}

/** Command and arguments with `$(VAR)` expanded. */
export function expandCommand(words: string[] | undefined, environment: KeyValue[]): string[] {
  const values = new Map(environment.map(({ key, value }) => [key, value]))
  return (words ?? []).map((word) => expandReferences(word, (name) => values.get(name)))
}

function variableValue(
  pod: Pod,
  container: Container,
  variable: EnvVar,
  earlier: Map<string, string>,
  facts: EnvironmentFacts,
): string | undefined {
  const source = variable.valueFrom
  if (source === undefined) return expandReferences(variable.value ?? '', (name) => earlier.get(name))
  if (source.fieldRef !== undefined) {
    const value = fieldValue(pod, source.fieldRef.fieldPath, facts.network)
    if (value === undefined) throw configError(`unsupported fieldPath: ${source.fieldRef.fieldPath}`)
    return value
  }
  if (source.resourceFieldRef !== undefined) {
    const value = resourceValue(pod, container, source.resourceFieldRef, facts.allocatable)
    if (value === undefined) throw configError(`unsupported container resource : ${source.resourceFieldRef.resource}`)
    return value
  }
  if (source.configMapKeyRef !== undefined) return referencedValue(pod, 'configMap', source.configMapKeyRef, facts)
  if (source.secretKeyRef !== undefined) return referencedValue(pod, 'secret', source.secretKeyRef, facts)
  return ''
}

type ReferenceKind = 'configMap' | 'secret'

/** All of it as texts; empty when it is optional and not there. */
function referencedData(
  pod: Pod,
  kind: ReferenceKind,
  reference: { name?: string; optional?: boolean } | undefined,
  { references }: EnvironmentFacts,
): Record<string, string> {
  if (reference === undefined) return {}
  if (references === undefined) {
    if (reference.optional === true) return {}
    throw needsServer(pod, kind, reference.name)
  }
  const found = references.data(kind === 'secret' ? 'secret' : 'configmap', reference.name ?? '')
  if (found.state === 'found')
    return Object.fromEntries([...found.data].map(([key, value]) => [key, value.toString('utf8')]))
  if (found.state === 'missing' && reference.optional === true) return {}
  throw configError(found.message)
}

function referencedValue(
  pod: Pod,
  kind: ReferenceKind,
  reference: KeySelector,
  facts: EnvironmentFacts,
): string | undefined {
  const value = referencedData(pod, kind, reference, facts)[reference.key]
  if (value !== undefined || reference.optional === true) return value
  const place = `${podReference(pod).namespace}/${reference.name ?? ''}`
  throw configError(`couldn't find key ${reference.key} in ${kind === 'secret' ? 'Secret' : 'ConfigMap'} ${place}`)
}

function needsServer(pod: Pod, kind: ReferenceKind, name = ''): ContainerStartError {
  return configError(`couldn't get ${kind} ${podReference(pod).namespace}/${name}, no kubeClient defined`)
}

function configError(message: string): ContainerStartError {
  return new ContainerStartError('CreateContainerConfigError', message)
}
