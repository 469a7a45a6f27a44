/** Validation of one container: what app and init containers have in common. */
import type { Container, ContainerPort, Volume } from '../api/core.ts'
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  notFound,
  required,
  tooMany,
  unsupported,
} from './field-error.ts'
import { checkDNS1123Label, checkPortName, checkPortNumber, checkRange, isIPAddress } from './names.ts'
import { validateEnv } from './validate-env.ts'
import { all } from './validate-metadata.ts'
import { validateResources } from './validate-resources.ts'
import { validateSecurityContext } from './validate-security-context.ts'
import { validateDescendingPath } from './validate-volumes.ts'

const RESTART_POLICIES: readonly string[] = ['Always', 'OnFailure', 'Never']
const PULL_POLICIES: readonly string[] = ['Always', 'IfNotPresent', 'Never']
const PROPAGATIONS: readonly string[] = ['Bidirectional', 'HostToContainer', 'None']
const PROTOCOLS: readonly string[] = ['SCTP', 'TCP', 'UDP']
const MAX_RULES = 20
const MAX_EXIT_CODES = 255

export interface ContainerContext {
  volumes: readonly Volume[]
  hostNetwork: boolean
  /** Of a template only a pod that is made of it has its defaults: host ports may be left out until then. */
  isTemplate: boolean
}

/** Everything but handlers and name clashes, which depend on the container's place in the pod. */
export function validateContainer(container: Container, field: string, context: ContainerContext): FieldError[] {
  const { name, image = '' } = container
  const errors: FieldError[] = []
  if (name === '') errors.push(required(`${field}.name`))
  else errors.push(...all(`${field}.name`, name, checkDNS1123Label(name)))
  if (image.trim() === '') errors.push(required(`${field}.image`))
  else if (image.trim() !== image) {
    errors.push(invalid(`${field}.image`, image, 'must not have leading or trailing whitespace'))
  }
  const messagePolicy: string = container.terminationMessagePolicy ?? 'File'
  if (messagePolicy !== 'File' && messagePolicy !== 'FallbackToLogsOnError') {
    errors.push(unsupported(`${field}.terminationMessagePolicy`, messagePolicy, ['File', 'FallbackToLogsOnError']))
  }
  errors.push(...validatePorts(container.ports ?? [], `${field}.ports`, context))
  errors.push(...validateEnv(container, field))
  errors.push(...validateMounts(container, field, context.volumes))
  const pullPolicy: string | undefined = container.imagePullPolicy
  if (pullPolicy !== undefined && !PULL_POLICIES.includes(pullPolicy)) {
    errors.push(unsupported(`${field}.imagePullPolicy`, pullPolicy, PULL_POLICIES))
  }
  errors.push(...validateResources(container.resources ?? {}, `${field}.resources`))
  errors.push(...validateRestartRules(container, field))
  errors.push(...validateSecurityContext(container, field))
  return errors
}

function validatePorts(
  ports: readonly ContainerPort[],
  field: string,
  { hostNetwork, isTemplate }: ContainerContext,
): FieldError[] {
  const names = new Set<string>()
  return ports.flatMap((port, index) => {
    const path = `${field}[${index}]`
    const { name = '', containerPort, hostPort = 0 } = port
    const protocol: string = port.protocol ?? 'TCP'
    const errors: FieldError[] = []
    if (name !== '') {
      const faults = checkPortName(name)
      errors.push(...all(`${path}.name`, name, faults))
      if (faults.length === 0 && names.has(name)) errors.push(duplicate(`${path}.name`, name))
      names.add(name)
    }
    if (containerPort === 0) errors.push(required(`${path}.containerPort`))
    else errors.push(...all(`${path}.containerPort`, containerPort, checkPortNumber(containerPort)))
    if (hostPort !== 0) errors.push(...all(`${path}.hostPort`, hostPort, checkPortNumber(hostPort)))
    if (!PROTOCOLS.includes(protocol)) errors.push(unsupported(`${path}.protocol`, protocol, PROTOCOLS))
    if (port.hostIP !== undefined && !isIPAddress(port.hostIP)) {
      errors.push(
        invalid(`${path}.hostIP`, port.hostIP, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'),
      )
    }
    if (hostNetwork && hostPort !== containerPort && !(isTemplate && hostPort === 0)) {
      errors.push(invalid(`${path}.containerPort`, containerPort, 'must match `hostPort` when `hostNetwork` is true'))
    }
    return errors
  })
}

function validateMounts(container: Container, field: string, volumes: readonly Volume[]): FieldError[] {
  const paths = new Set<string>()
  const errors = (container.volumeMounts ?? []).flatMap((mount, index) => {
    const path = `${field}.volumeMounts[${index}]`
    const faults: FieldError[] = []
    if (mount.name === '') faults.push(required(`${path}.name`))
    if (!volumes.some(({ name }) => name === mount.name)) faults.push(notFound(`${path}.name`, mount.name))
    if (mount.mountPath === '') faults.push(required(`${path}.mountPath`))
    if (paths.has(mount.mountPath)) faults.push(invalid(`${path}.mountPath`, mount.mountPath, 'must be unique'))
    paths.add(mount.mountPath)
    if (mount.subPath !== undefined) faults.push(...validateDescendingPath(mount.subPath, `${path}.subPath`))
    if (mount.subPathExpr !== undefined) {
      if (mount.subPath !== undefined) {
        const detail = 'subPathExpr and subPath are mutually exclusive'
        faults.push(invalid(`${path}.subPathExpr`, mount.subPathExpr, detail))
      }
      faults.push(...validateDescendingPath(mount.subPathExpr, `${path}.subPathExpr`))
    }
    faults.push(...validatePropagation(mount.mountPropagation, container, `${path}.mountPropagation`))
    if (mount.recursiveReadOnly !== undefined && mount.recursiveReadOnly !== 'Disabled' && mount.readOnly !== true) {
      faults.push(forbidden(`${path}.recursiveReadOnly`, 'may only be specified when readOnly is true'))
    }
    return faults
  })
  const devices = (container.volumeDevices ?? []).flatMap((device, index) =>
    volumes.some(({ name }) => name === device.name)
      ? []
      : [notFound(`${field}.volumeDevices[${index}].name`, device.name)],
  )
  return [...errors, ...devices]
}

function validatePropagation(propagation: string | undefined, container: Container, field: string): FieldError[] {
  if (propagation === undefined) return []
  if (!PROPAGATIONS.includes(propagation)) return [unsupported(field, propagation, PROPAGATIONS)]
  if (propagation !== 'Bidirectional' || container.securityContext?.privileged === true) return []
  return [forbidden(field, 'Bidirectional mount propagation is available only to privileged containers')]
}

/** The container's own restart policy and rules (facts 2.4.4). */
function validateRestartRules(container: Container, field: string): FieldError[] {
  const policy: string | undefined = container.restartPolicy
  const rules = container.restartPolicyRules ?? []
  const errors: FieldError[] = []
  if (policy !== undefined && !RESTART_POLICIES.includes(policy)) {
    errors.push(unsupported(`${field}.restartPolicy`, policy, RESTART_POLICIES))
  }
  if (rules.length === 0) return errors
  const path = `${field}.restartPolicyRules`
  if (policy === undefined) {
    errors.push(required(`${field}.restartPolicy`, 'must specify restartPolicy when restart rules are used'))
  }
  if (rules.length > MAX_RULES) errors.push(tooMany(path, rules.length, MAX_RULES))
  for (const [index, rule] of rules.entries()) {
    const place = `${path}[${index}]`
    if (rule.action === undefined || rule.action === '') errors.push(required(`${place}.action`))
    else if (rule.action !== 'Restart') errors.push(unsupported(`${place}.action`, rule.action, ['Restart']))
    errors.push(...validateExitCodes(rule.exitCodes, `${place}.exitCodes`))
  }
  return errors
}

function validateExitCodes(
  exitCodes: { operator: string; values?: number[] } | undefined,
  field: string,
): FieldError[] {
  if (exitCodes === undefined) return [required(field, 'must be specified')]
  const { operator, values = [] } = exitCodes
  const errors: FieldError[] = []
  if (operator !== 'In' && operator !== 'NotIn')
    errors.push(unsupported(`${field}.operator`, operator, ['In', 'NotIn']))
  if (values.length === 0) errors.push(required(`${field}.values`, 'must specify at least one value'))
  if (values.length > MAX_EXIT_CODES) errors.push(tooMany(`${field}.values`, values.length, MAX_EXIT_CODES))
  for (const [index, value] of values.entries()) {
    errors.push(...all(`${field}.values[${index}]`, value, checkRange(value, 0, 255)))
  }
  return errors
}
