/** Whether a workload's selector finds an object. Pure. */
import { labelRequirements, type LabelSelectorObject } from '../../common/api/label-selector-object.ts'
import { matchesLabels } from '../../common/api/label-selector.ts'
import type { ObjectMeta } from '../../common/api/meta.ts'

export function matchesSelector(selector: LabelSelectorObject | undefined, object: { metadata: ObjectMeta }): boolean {
  return selectorMatcher(selector)(object)
}

/**
 * The same for many objects: the selector is read once. An absent or empty selector of a workload finds nothing: it would find
 * everything (facts 6.4.6).
 */
export function selectorMatcher(
  selector: LabelSelectorObject | undefined,
): (object: { metadata: ObjectMeta }) => boolean {
  const requirements = selector === undefined ? [] : labelRequirements(selector)
  return ({ metadata }) => requirements.length > 0 && matchesLabels(requirements, metadata.labels)
}
