/** The restart count of a container's next instance (facts 2.5.1). */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Container, Pod } from '../../common/api/core.ts'
import { podLogDirectory } from '../volumes/node-paths.ts'
import type { NodePaths } from '../volumes/node-paths.ts'
import type { RuntimeContainer } from './runtime-pod.ts'

/** One more than the newest instance's; without any, one more than the highest log file's number; else 0. */
export function nextRestartCount(
  paths: NodePaths,
  pod: Pod,
  container: Container,
  newest: RuntimeContainer | undefined,
): number {
  if (newest !== undefined) return newest.restartCount + 1
  let highest = -1
  for (const name of logNames(join(podLogDirectory(paths, pod), container.name))) {
    const match = /^(\d+)\.log/.exec(name)
    if (match?.[1] !== undefined) highest = Math.max(highest, Number(match[1]))
  }
  return highest + 1
}

function logNames(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    // No directory: the container never ran here.
    return []
  }
}
