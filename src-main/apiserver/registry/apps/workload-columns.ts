/** The columns with `-o wide` that workloads have in common. */
import { formatLabelSelector, type LabelSelectorObject } from '../../../common/api/label-selector-object.ts'
import type { PodTemplateSpec } from '../../../common/api/pod-template.ts'
import { type Column, orNone, text, wide } from '../columns.ts'

interface Workload {
  spec: { template: PodTemplateSpec; selector?: LabelSelectorObject }
}

export const WORKLOAD_COLUMNS: readonly Column<Workload>[] = [
  wide(text('Containers', 'Names of the containers.', ({ spec }) => join(spec.template, ({ name }) => name))),
  wide(text('Images', 'Images of the containers.', ({ spec }) => join(spec.template, ({ image = '' }) => image))),
  wide(text('Selector', 'What selects the pods.', ({ spec }) => orNone(formatLabelSelector(spec.selector ?? {})))),
]

function join({ spec }: PodTemplateSpec, part: (container: { name: string; image?: string }) => string): string {
  return spec.containers.map(part).join(',')
}
