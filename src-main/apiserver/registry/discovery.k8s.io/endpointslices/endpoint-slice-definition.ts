/** `discovery.k8s.io/v1` endpointslices, kept as plain objects. */
import { ENDPOINT_SLICE_SCHEMA, type EndpointSlice } from '../../../../common/api/endpoints.ts'
import { type FieldError, required, unsupported } from '../../../../common/validation/field-error.ts'
import { AGE, formatSome, NAME, printTable, text } from '../../columns.ts'
import { defineKind } from '../../define-kind.ts'
import { strategyOf, validateUnchanged } from '../../strategies.ts'

const ADDRESS_TYPES: readonly string[] = ['IPv4', 'IPv6', 'FQDN']
const UNSET = '<unset>'

export const ENDPOINT_SLICES = defineKind<EndpointSlice>({
  group: 'discovery.k8s.io',
  kind: 'EndpointSlice',
  resource: 'endpointslices',
  namespaced: true,
  schema: ENDPOINT_SLICE_SCHEMA,
  strategy: strategyOf<EndpointSlice>({
    setDefaults(slice) {
      for (const port of slice.ports ?? []) {
        port.name ??= ''
        port.protocol ??= 'TCP'
      }
    },
    prepareForCreate(slice) {
      slice.metadata.generation = 1
    },
    validate: validateSlice,
    validateUpdate: (slice, old) => [
      ...validateSlice(slice),
      ...validateUnchanged(slice.addressType, old.addressType, 'addressType'),
    ],
  }),
  printer: printTable<EndpointSlice>([
    NAME,
    text('AddressType', 'Of what kind the addresses are.', ({ addressType }) => addressType),
    text(
      'Ports',
      'Ports of all endpoints.',
      ({ ports = [] }) => formatSome(ports.map(({ port, name }) => String(port ?? name ?? '*'))) ?? UNSET,
    ),
    text(
      'Endpoints',
      'Their addresses.',
      ({ endpoints }) => formatSome(endpoints.flatMap(({ addresses }) => addresses)) ?? UNSET,
    ),
    AGE,
  ]),
})

function validateSlice({ addressType }: EndpointSlice): FieldError[] {
  if (addressType === '') return [required('addressType')]
  return ADDRESS_TYPES.includes(addressType) ? [] : [unsupported('addressType', addressType, ADDRESS_TYPES)]
}
