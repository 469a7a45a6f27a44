/** `core/v1` nodes. */
import type { Node, NodeAddress } from '../../../../common/api/node.ts'
import { NODE_SCHEMA } from '../../../../common/api/node-schema.ts'
import { setNodeDefaults } from '../../../../common/defaults/node-defaults.ts'
import { validateNode, validateNodeUpdate } from '../../../../common/validation/validate-node.ts'
import { AGE, NAME, NONE, orNone, printTable, text, wide } from '../../columns.ts'
import { defineKind } from '../../define-kind.ts'
import { keep, statusStrategyOf, strategyOf } from '../../strategies.ts'

export const NODES = defineKind<Node>({
  group: '',
  kind: 'Node',
  resource: 'nodes',
  shortNames: ['no'],
  namespaced: false,
  schema: NODE_SCHEMA,
  strategy: strategyOf<Node>({
    setDefaults: setNodeDefaults,
    validate: validateNode,
    // A kubelet registers its node with the status it has; later the status has its own way.
    prepareForUpdate: (node, old) => keep(node, old, 'status'),
    validateUpdate: validateNodeUpdate,
  }),
  statusStrategy: statusStrategyOf<Node>({ validateUpdate: validateNodeUpdate }),
  printer: printTable<Node>([
    NAME,
    text('Status', 'Whether the kubelet says that it is ready, and whether it is cordoned.', formatStatus),
    text('Roles', 'Roles by the labels of the node.', formatRoles),
    AGE,
    text('Version', 'Version of the kubelet.', ({ status }) => status?.nodeInfo?.kubeletVersion ?? ''),
    wide(text('Internal-IP', 'Address inside of the cluster.', (node) => addressOf(node, 'InternalIP'))),
    wide(text('External-IP', 'Address from outside.', (node) => addressOf(node, 'ExternalIP'))),
    wide(text('OS-Image', 'Operating system.', ({ status }) => orUnknown(status?.nodeInfo?.osImage))),
    wide(text('Kernel-Version', 'Version of the kernel.', ({ status }) => orUnknown(status?.nodeInfo?.kernelVersion))),
    wide(
      text('Container-Runtime', 'Container runtime and its version.', ({ status }) =>
        orUnknown(status?.nodeInfo?.containerRuntimeVersion),
      ),
    ),
  ]),
  selectableFields: { 'spec.unschedulable': ({ spec }) => String(spec?.unschedulable === true) },
  storagePrefix: 'minions',
})

function formatStatus({ spec, status }: Node): string {
  const ready = (status?.conditions ?? []).find(({ type }) => type === 'Ready')
  const words = [ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady']
  if (spec?.unschedulable === true) words.push('SchedulingDisabled')
  return words.join(',')
}

const ROLE_PREFIX = 'node-role.kubernetes.io/'

function formatRoles({ metadata }: Node): string {
  const roles = Object.entries(metadata.labels ?? {}).flatMap(([key, value]) => {
    const role = key.startsWith(ROLE_PREFIX) ? key.slice(ROLE_PREFIX.length) : key === 'kubernetes.io/role' ? value : ''
    return role === '' ? [] : [role]
  })
  return roles.length === 0 ? NONE : [...new Set(roles)].toSorted().join(',')
}

function addressOf({ status }: Node, type: NodeAddress['type']): string {
  return orNone((status?.addresses ?? []).find((address) => address.type === type)?.address)
}

function orUnknown(text: string | undefined): string {
  return text === undefined || text === '' ? '<unknown>' : text
}
