/** Volumes whose files tell a pod about itself: `downwardAPI`, and `projected` with such sources (facts 2.16.4). */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { DownwardAPIVolumeFile, Pod } from '../../common/api/core.ts'
import { fieldValue, resourceValue } from '../env/downward-api.ts'
import type { EnvironmentFacts } from '../env/make-environment.ts'

const DEFAULT_MODE = 0o644

/**
 * Writes the files in the layout of upstream's atomic writer: a dated folder, `..data` pointing to it, and one link per
 * top name, so that a reader sees all files of one moment, also when they are written again under a running container. Answers the message of a failure, or `undefined`.
 */
export function writeDownwardVolume(
  directory: string,
  pod: Pod,
  items: DownwardAPIVolumeFile[],
  defaultMode: number | undefined,
  facts: EnvironmentFacts,
): string | undefined {
  const contents: { path: string; text: string; mode: number }[] = []
  for (const item of items) {
    const text = itemText(pod, item, facts)
    if (text === undefined) return `unable to read ${item.path}: unsupported field or resource`
    contents.push({ path: item.path, text, mode: item.mode ?? defaultMode ?? DEFAULT_MODE })
  }
  mkdirSync(directory, { recursive: true })
  // A real kubelet mounts a tmpfs, which has the sticky bit.
  chmodSync(directory, 0o1777)
  const older = readdirSync(directory).filter((name) => name.startsWith('..') && name !== '..data')
  const dated = mkdtempSync(`${directory}/..`)
  chmodSync(dated, 0o755)
  for (const { path, text, mode } of contents) {
    const file = join(dated, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    chmodSync(file, mode)
  }
  const pointer = join(dated, '..data')
  symlinkSync(basename(dated), pointer)
  renameSync(pointer, join(directory, '..data'))
  for (const top of new Set(contents.map(({ path }) => path.split('/')[0] ?? path))) {
    const link = join(directory, top)
    if (lstatSync(link, { throwIfNoEntry: false }) === undefined) symlinkSync(join('..data', top), link)
  }
  for (const name of older) rmSync(join(directory, name), { recursive: true, force: true })
  return undefined
}

function itemText(pod: Pod, item: DownwardAPIVolumeFile, facts: EnvironmentFacts): string | undefined {
  if (item.fieldRef !== undefined) return fieldValue(pod, item.fieldRef.fieldPath, facts.network)
  const container = pod.spec.containers[0]
  if (item.resourceFieldRef === undefined || container === undefined) return undefined
  return resourceValue(pod, container, item.resourceFieldRef, facts.allocatable)
}
