/**
 * `core/v1` services, kept as plain objects. No address is allocated: without a proxy nothing would answer there, so that
 * a service without an address of its author's shows `<none>`.
 */
import { SERVICE_SCHEMA, type Service } from '../../../../common/api/service.ts'
import { setServiceDefaults } from '../../../../common/defaults/service-defaults.ts'
import { checkDNS1035Label } from '../../../../common/validation/names.ts'
import { validateService, validateServiceUpdate } from '../../../../common/validation/validate-service.ts'
import { AGE, formatLabels, NAME, NONE, orNone, printTable, text, wide } from '../../columns.ts'
import { defineKind } from '../../define-kind.ts'
import { keep, statusStrategyOf, strategyOf } from '../../strategies.ts'

export const SERVICES = defineKind<Service>({
  group: '',
  kind: 'Service',
  resource: 'services',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  checkName: checkDNS1035Label,
  schema: SERVICE_SCHEMA,
  strategy: strategyOf<Service>({
    setDefaults: setServiceDefaults,
    prepareForCreate(service) {
      service.status = { loadBalancer: {} }
    },
    validate: validateService,
    prepareForUpdate(service, old) {
      keep(service, old, 'status')
      // A PUT may leave out what it cannot change.
      const { clusterIP, clusterIPs } = old.spec ?? {}
      if (service.spec === undefined || (service.spec.clusterIP ?? '') !== '') return
      if (service.spec.type === 'ExternalName') return
      if (clusterIP !== undefined) service.spec.clusterIP = clusterIP
      if (clusterIPs !== undefined) service.spec.clusterIPs = clusterIPs
    },
    validateUpdate: validateServiceUpdate,
  }),
  statusStrategy: statusStrategyOf<Service>(),
  printer: printTable<Service>([
    NAME,
    text('Type', 'How the service is reached.', ({ spec }) => spec?.type ?? ''),
    text('Cluster-IP', 'Its address inside of the cluster.', ({ spec }) => orNone(spec?.clusterIP)),
    text('External-IP', 'Its address from outside.', formatExternal),
    text('Port(s)', 'Ports and protocols.', formatPorts),
    AGE,
    wide(text('Selector', 'What selects the pods behind it.', ({ spec }) => formatLabels(spec?.selector))),
  ]),
  selectableFields: {
    'spec.clusterIP': ({ spec }) => spec?.clusterIP ?? '',
    'spec.type': ({ spec }) => spec?.type ?? '',
  },
  storagePrefix: 'services/specs',
})

function formatExternal({ spec = {}, status }: Service): string {
  const { externalIPs = [], externalName } = spec
  if (spec.type === 'ExternalName') return orNone(externalName)
  if (spec.type !== 'LoadBalancer') return orNone(externalIPs.join(','))
  const ingress = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname ?? '')
  const addresses = [...ingress, ...externalIPs]
  return addresses.length === 0 ? '<pending>' : addresses.join(',')
}

function formatPorts({ spec }: Service): string {
  const ports = (spec?.ports ?? []).map(({ port, nodePort = 0, protocol = 'TCP' }) =>
    nodePort === 0 ? `${port}/${protocol}` : `${port}:${nodePort}/${protocol}`,
  )
  return ports.length === 0 ? NONE : ports.join(',')
}
