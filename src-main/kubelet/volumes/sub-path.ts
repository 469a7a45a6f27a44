/**
 * A part of a volume that a container mounts instead of the whole (facts 2.17.5). The volume's content is the pod's: a link in
 * it may lead to another place of the same volume, and never out of it.
 */
import { chmodSync, lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import type { VolumeMount } from '../../common/api/core.ts'
import type { KeyValue } from '../../container-runtime/cri.ts'
import { expandReferences } from '../env/expand.ts'
import { ContainerStartError } from '../runtime/container-start-error.ts'

/** What the mount asks for, its variables filled in; empty for the whole volume. @throws ContainerStartError */
export function requestedSubPath(volumeMount: VolumeMount, environment: readonly KeyValue[]): string {
  const { subPath = '', subPathExpr = '' } = volumeMount
  const wanted = subPathExpr === '' ? subPath : expandSubPath(subPathExpr, environment)
  if (wanted.startsWith('/')) throw configError(`subPath ${JSON.stringify(wanted)} must not be an absolute path`)
  if (wanted.split('/').includes('..')) throw configError(`subPath ${JSON.stringify(wanted)} must not contain '..'`)
  return wanted
}

/** Unlike a command, it may not have a variable that is not there or empty. */
function expandSubPath(expression: string, environment: readonly KeyValue[]): string {
  const values = new Map(environment.map(({ key, value }) => [key, value]))
  const missing = new Set<string>()
  const expanded = expandReferences(expression, (name) => {
    const value = values.get(name) ?? ''
    if (value === '') missing.add(name)
    return value
  })
  if (missing.size > 0) throw configError(`missing value for ${[...missing].sort().join(', ')}`)
  return expanded
}

/**
 * The path of `subPath` in the volume at `base`, without links; folders that are missing are made with the mode of the
 * volume. A pod that swaps a folder for a link between this look and the start of the container gets what the link leads
 * to on its own node, as far as the runtime service allows that.
 * @throws ContainerStartError `CreateContainerConfigError` when it leads out of the volume
 */
export function resolveSubPath(base: string, subPath: string): string {
  const root = realpathSync(base)
  let path = root
  for (const part of subPath.split('/').filter((name) => name !== '' && name !== '.')) {
    path = join(path, part)
    if (isLink(path)) path = followLink(path, subPath)
    if (path !== root && !path.startsWith(`${root}${sep}`))
      throw configError(`subPath ${JSON.stringify(subPath)} leads out of its volume`)
    if (statSync(path, { throwIfNoEntry: false }) !== undefined) continue
    mkdirSync(path)
    chmodSync(path, statSync(root).mode & 0o7777)
  }
  return path
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
}

function followLink(path: string, subPath: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    throw configError(`subPath ${JSON.stringify(subPath)} is a link that leads nowhere`, error)
  }
}

function configError(message: string, cause?: unknown): ContainerStartError {
  return new ContainerStartError('CreateContainerConfigError', message, cause === undefined ? {} : { cause })
}
