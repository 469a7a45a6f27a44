/** Validation of services beside their metadata, as far as it does not need addresses to be allocated (upstream: ValidateService). */
import type { Service, ServicePort } from '../api/service.ts'
import { duplicate, type FieldError, invalid, required, unsupported } from './field-error.ts'
import { checkDNS1123Label, checkDNS1123Subdomain, checkPortName, checkPortNumber } from './names.ts'
import { all, validateLabels } from './validate-metadata.ts'

const TYPES: readonly string[] = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']
const AFFINITIES: readonly string[] = ['ClientIP', 'None']
const PROTOCOLS: readonly string[] = ['SCTP', 'TCP', 'UDP']

export function validateService({ spec = {} }: Service): FieldError[] {
  const { ports = [], sessionAffinity = '', selector = {}, externalName = '', clusterIP } = spec
  const type: string = spec.type ?? ''
  const errors: FieldError[] = []
  if (ports.length === 0 && clusterIP !== 'None' && type !== 'ExternalName') errors.push(required('spec.ports'))
  errors.push(...validatePorts(ports, 'spec.ports'))
  errors.push(...validateLabels(selector, 'spec.selector'))
  if (!AFFINITIES.includes(sessionAffinity)) {
    errors.push(unsupported('spec.sessionAffinity', sessionAffinity, AFFINITIES))
  }
  if (!TYPES.includes(type)) errors.push(unsupported('spec.type', type, TYPES))
  if (type === 'ExternalName') {
    if (externalName === '') errors.push(required('spec.externalName'))
    else errors.push(...all('spec.externalName', externalName, checkDNS1123Subdomain(externalName.replace(/\.$/, ''))))
  }
  return errors
}

/** An address that was given once stays. */
export function validateServiceUpdate(service: Service, old: Service): FieldError[] {
  const before = old.spec?.clusterIP ?? ''
  const now = service.spec?.clusterIP ?? ''
  const isAnother = before !== '' && before !== now && service.spec?.type !== 'ExternalName'
  const errors = validateService(service)
  return isAnother ? [...errors, invalid('spec.clusterIPs[0]', [now], 'may not change once set')] : errors
}

function validatePorts(ports: readonly ServicePort[], field: string): FieldError[] {
  const names = new Set<string>()
  const taken = new Set<string>()
  return ports.flatMap((port, index) => {
    const path = `${field}[${index}]`
    const { name = '', targetPort = port.port } = port
    const protocol: string = port.protocol ?? ''
    const errors: FieldError[] = []
    if (name === '') {
      if (ports.length > 1) errors.push(required(`${path}.name`))
    } else {
      errors.push(...all(`${path}.name`, name, checkDNS1123Label(name)))
      if (names.has(name)) errors.push(duplicate(`${path}.name`, name))
    }
    names.add(name)
    errors.push(...all(`${path}.port`, port.port, checkPortNumber(port.port)))
    if (protocol === '') errors.push(required(`${path}.protocol`))
    else if (!PROTOCOLS.includes(protocol)) errors.push(unsupported(`${path}.protocol`, protocol, PROTOCOLS))
    const target = typeof targetPort === 'number' ? checkPortNumber(targetPort) : checkPortName(targetPort)
    errors.push(...all(`${path}.targetPort`, targetPort, target))
    const key = `${protocol}/${port.port}`
    if (taken.has(key)) errors.push(duplicate(path, { protocol, port: port.port }))
    taken.add(key)
    return errors
  })
}
