/** Files that tell a pod about itself: of `downwardAPI` volumes, and of `projected` ones with such sources (facts 2.16.4). Pure. */
import type { DownwardAPIVolumeFile, Pod } from '../../common/api/core.ts'
import { fieldValue, resourceValue } from '../env/downward-api.ts'
import type { EnvironmentFacts } from '../env/make-environment.ts'
import type { ProjectedFile } from './atomic-writer.ts'

/** @throws Error with the message of the mount's failure */
export function downwardFiles(
  pod: Pod,
  items: readonly DownwardAPIVolumeFile[],
  defaultMode: number,
  facts: EnvironmentFacts,
): ProjectedFile[] {
  return items.map((item) => {
    const content = itemText(pod, item, facts)
    if (content === undefined) throw new Error(`unable to read ${item.path}: unsupported field or resource`)
    return { path: item.path, content, mode: item.mode ?? defaultMode }
  })
}

function itemText(pod: Pod, item: DownwardAPIVolumeFile, facts: EnvironmentFacts): string | undefined {
  if (item.fieldRef !== undefined) return fieldValue(pod, item.fieldRef.fieldPath, facts.network)
  const container = pod.spec.containers[0]
  if (item.resourceFieldRef === undefined || container === undefined) return undefined
  return resourceValue(pod, container, item.resourceFieldRef, facts.allocatable)
}
