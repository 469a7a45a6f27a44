/** Whether a workload's selector finds an object. Pure. */
import { labelRequirements, type LabelSelectorObject } from '../../common/api/label-selector-object.ts'
import { matchesLabels } from '../../common/api/label-selector.ts'
import type { ObjectMeta } from '../../common/api/meta.ts'

/** An absent or empty selector of a workload finds nothing: it would find everything (facts 6.4.6). */
export function matchesSelector(
  selector: LabelSelectorObject | undefined,
  { metadata }: { metadata: ObjectMeta },
): boolean {
  if (selector === undefined) return false
  const requirements = labelRequirements(selector)
  return requirements.length > 0 && matchesLabels(requirements, metadata.labels)
}
