/** `apps/v1` daemonsets. */
import { isDeepStrictEqual } from 'node:util'
import { DAEMON_SET_SCHEMA, TEMPLATE_GENERATION_ANNOTATION, type DaemonSet } from '../../../../common/api/daemon-set.ts'
import { setDaemonSetDefaults } from '../../../../common/defaults/workload-defaults.ts'
import { validateDaemonSet } from '../../../../common/validation/validate-daemon-set.ts'
import { AGE, formatLabels, integer, NAME, printTable, text } from '../../columns.ts'
import { defineKind } from '../../define-kind.ts'
import { keep, statusStrategyOf, strategyWithStatus, validateUnchanged } from '../../strategies.ts'
import { WORKLOAD_COLUMNS } from '../workload-columns.ts'

export const DAEMON_SETS = defineKind<DaemonSet>({
  group: 'apps',
  kind: 'DaemonSet',
  resource: 'daemonsets',
  shortNames: ['ds'],
  categories: ['all'],
  namespaced: true,
  schema: DAEMON_SET_SCHEMA,
  strategy: strategyWithStatus<DaemonSet>({
    setDefaults: setDaemonSetDefaults,
    prepareForCreate(set) {
      delete set.status
      setDaemonSetDefaults(set)
      setTemplateGeneration(set, Math.max(1, templateGeneration(set)))
    },
    validate: validateDaemonSet,
    prepareForUpdate(set, old) {
      keep(set, old, 'status')
      const templateChanged = !isDeepStrictEqual(set.spec.template, old.spec.template)
      const changed = templateChanged || !isDeepStrictEqual(set.spec, old.spec)
      set.metadata.generation = (old.metadata.generation ?? 0) + (changed ? 1 : 0)
      setTemplateGeneration(set, templateGeneration(old) + (templateChanged ? 1 : 0))
    },
    validateUpdate: (set, old) => [
      ...validateDaemonSet(set),
      ...validateUnchanged(set.spec.selector, old.spec.selector, 'spec.selector'),
    ],
  }),
  statusStrategy: statusStrategyOf<DaemonSet>(),
  printer: printTable<DaemonSet>([
    NAME,
    integer('Desired', 'Nodes that should run the pod.', ({ status }) => status?.desiredNumberScheduled ?? 0),
    integer('Current', 'Of those, nodes that have one.', ({ status }) => status?.currentNumberScheduled ?? 0),
    integer('Ready', 'Nodes whose pod is ready.', ({ status }) => status?.numberReady ?? 0),
    integer('Up-to-date', 'Nodes whose pod is of the template.', ({ status }) => status?.updatedNumberScheduled ?? 0),
    integer('Available', 'Nodes whose pod is available.', ({ status }) => status?.numberAvailable ?? 0),
    text('Node Selector', 'Labels that a node has to have.', ({ spec }) =>
      formatLabels(spec.template.spec.nodeSelector),
    ),
    AGE,
    ...WORKLOAD_COLUMNS,
  ]),
})

/** Only the server counts it; what an author writes there is overwritten. */
function setTemplateGeneration({ metadata }: DaemonSet, generation: number): void {
  metadata.annotations = { ...metadata.annotations, [TEMPLATE_GENERATION_ANNOTATION]: String(generation) }
}

function templateGeneration({ metadata }: DaemonSet): number {
  const generation = Number(metadata.annotations?.[TEMPLATE_GENERATION_ANNOTATION])
  return Number.isSafeInteger(generation) ? generation : 0
}
