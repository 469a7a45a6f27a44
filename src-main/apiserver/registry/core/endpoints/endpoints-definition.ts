/** `core/v1` endpoints, kept as plain objects. */
import { ENDPOINTS_SCHEMA, type Endpoints } from '../../../../common/api/endpoints.ts'
import { AGE, formatSome, NAME, orNone, printTable, text } from '../../columns.ts'
import { defineKind } from '../../define-kind.ts'
import { strategyOf } from '../../strategies.ts'

export const ENDPOINTS = defineKind<Endpoints>({
  group: '',
  kind: 'Endpoints',
  resource: 'endpoints',
  shortNames: ['ep'],
  namespaced: true,
  schema: ENDPOINTS_SCHEMA,
  strategy: strategyOf<Endpoints>({
    setDefaults(endpoints) {
      for (const { ports = [] } of endpoints.subsets ?? []) {
        for (const port of ports) port.protocol ??= 'TCP'
      }
    },
    allowCreateOnUpdate: true,
    warnings: () => ['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'],
  }),
  printer: printTable<Endpoints>([
    NAME,
    text('Endpoints', 'Addresses that are ready.', ({ subsets = [] }) =>
      orNone(
        formatSome(
          subsets.flatMap(({ addresses = [], ports = [] }) =>
            ports.length === 0
              ? addresses.map(({ ip }) => ip)
              : ports.flatMap(({ port }) => addresses.map(({ ip }) => `${ip}:${port}`)),
          ),
        ),
      ),
    ),
    AGE,
  ]),
  storagePrefix: 'services/endpoints',
})
