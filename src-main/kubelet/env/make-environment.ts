/** A container's environment from `envFrom` and `env` (facts 2.16). */
import type { Container, EnvVar, Pod } from '../../common/api/core.ts'
import type { KeyValue } from '../../container-runtime/cri.ts'
import type { ResourceAmounts } from '../../common/scheduling/pod-requests.ts'
import { podReference } from '../pod-identity.ts'
import { ContainerStartError } from '../runtime/container-start-error.ts'
import { fieldValue, resourceValue } from './downward-api.ts'
import type { PodNetworkFacts } from './downward-api.ts'
import { expandReferences } from './expand.ts'

export interface EnvironmentFacts {
  network: PodNetworkFacts
  allocatable: ResourceAmounts
}

/**
 * Processes the variables in order, so that later ones may refer to earlier ones; of a name that occurs twice the
 * last value counts. @throws ContainerStartError `CreateContainerConfigError`
 */
export function makeEnvironment(pod: Pod, container: Container, facts: EnvironmentFacts): KeyValue[] {
  for (const source of container.envFrom ?? []) {
    if (source.configMapRef !== undefined && source.configMapRef.optional !== true)
      throw needsServer(pod, 'configMap', source.configMapRef.name)
    if (source.secretRef !== undefined && source.secretRef.optional !== true)
      throw needsServer(pod, 'secret', source.secretRef.name)
  }
  const values = new Map<string, string>()
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
  if (source.configMapKeyRef !== undefined) {
    if (source.configMapKeyRef.optional === true) return undefined
    throw needsServer(pod, 'configMap', source.configMapKeyRef.name)
  }
  if (source.secretKeyRef !== undefined) {
    if (source.secretKeyRef.optional === true) return undefined
    throw needsServer(pod, 'secret', source.secretKeyRef.name)
  }
  return ''
}

function needsServer(pod: Pod, kind: 'configMap' | 'secret', name = ''): ContainerStartError {
  return configError(`couldn't get ${kind} ${podReference(pod).namespace}/${name}, no kubeClient defined`)
}

function configError(message: string): ContainerStartError {
  return new ContainerStartError('CreateContainerConfigError', message)
}
