/** Volumes of files that the kubelet writes, and writes again when what they tell has changed. */
import type { Pod, Volume, VolumeProjection } from '../../common/api/core.ts'
import type { EnvironmentFacts } from '../env/make-environment.ts'
import type { PodReferences } from '../references/pod-references.ts'
import { writeAtomically, type ProjectedFile } from './atomic-writer.ts'
import { downwardFiles } from './downward-volume.ts'
import { volumeDirectory, type NodePaths } from './node-paths.ts'
import { referenceFiles, tokenFile } from './reference-files.ts'

const DEFAULT_MODE = 0o644

/** Of volumes that need an API server. */
type ReferenceVolume = Record<string, unknown> & { defaultMode?: number }

/**
 * Writes the volume's files, if it is such a one, and answers their folder.
 * @throws Error with the message of the mount's failure
 */
export function writeProjectedVolume(
  paths: NodePaths,
  pod: Pod,
  volume: Volume,
  facts: EnvironmentFacts,
): string | undefined {
  const projected = computeFiles(pod, volume, facts)
  if (projected === undefined) return undefined
  const directory = volumeDirectory(paths, pod, `kubernetes.io~${projected.plugin}`, volume.name)
  writeAtomically(directory, projected.files)
  return directory
}

interface Projected {
  plugin: 'downward-api' | 'projected' | 'configmap' | 'secret'
  files: ProjectedFile[]
}

function computeFiles(pod: Pod, volume: Volume, facts: EnvironmentFacts): Projected | undefined {
  const { references } = facts
  if (volume.downwardAPI !== undefined) {
    const { items = [], defaultMode = DEFAULT_MODE } = volume.downwardAPI
    return { plugin: 'downward-api', files: downwardFiles(pod, items, defaultMode, facts) }
  }
  if (volume.projected !== undefined) {
    const { sources = [], defaultMode = DEFAULT_MODE } = volume.projected
    return { plugin: 'projected', files: sources.flatMap((source) => sourceFiles(pod, source, defaultMode, facts)) }
  }
  if (references === undefined) return undefined
  if (volume.configMap !== undefined)
    return { plugin: 'configmap', files: ownFiles(references, 'configmap', volume.configMap, 'name') }
  if (volume.secret !== undefined)
    return { plugin: 'secret', files: ownFiles(references, 'secret', volume.secret, 'secretName') }
  return undefined
}

function ownFiles(
  references: PodReferences,
  kind: 'configmap' | 'secret',
  source: ReferenceVolume,
  nameField: string,
): ProjectedFile[] {
  return referenceFiles(references, kind, nameOf(source, nameField), source, source.defaultMode ?? DEFAULT_MODE)
}

function sourceFiles(
  pod: Pod,
  { downwardAPI, configMap, secret, serviceAccountToken }: VolumeProjection,
  defaultMode: number,
  facts: EnvironmentFacts,
): ProjectedFile[] {
  if (downwardAPI !== undefined) return downwardFiles(pod, downwardAPI.items ?? [], defaultMode, facts)
  const { references } = facts
  if (references === undefined) throw new Error('projected sources other than downwardAPI need a kube-apiserver')
  if (configMap !== undefined)
    return referenceFiles(references, 'configmap', nameOf(configMap, 'name'), configMap, defaultMode)
  if (secret !== undefined) return referenceFiles(references, 'secret', nameOf(secret, 'name'), secret, defaultMode)
  if (serviceAccountToken !== undefined) return [tokenFile(references, serviceAccountToken, defaultMode)]
  throw new Error('projected sources of this kind are not supported by this kubelet')
}

function nameOf(source: Record<string, unknown>, field: string): string {
  const name = source[field]
  return typeof name === 'string' ? name : ''
}
