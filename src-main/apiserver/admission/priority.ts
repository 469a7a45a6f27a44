/** A pod's priority comes from its PriorityClass (plugin/pkg/admission/priority). */
import type { UnknownObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import { forbidden } from '../../kube/status-error.ts'
import { findObject, LOOPBACK_CONTEXT } from '../registry/find-object.ts'
import type { Registry } from '../registry/resource-storage.ts'
import type { AdmissionAttributes, AdmissionPlugin } from './admission-plugin.ts'
import { isOf } from './admission-chain.ts'

const PRIORITY_CLASSES = { group: 'scheduling.k8s.io', resource: 'priorityclasses' }
const PODS = { group: '', resource: 'pods' }

interface PriorityClass extends UnknownObject {
  value?: number
  globalDefault?: boolean
  preemptionPolicy?: string
}

export function priority(registry: Registry): AdmissionPlugin {
  return {
    name: 'Priority',
    async admit(attributes) {
      if (!isOf(attributes, '', 'pods') || attributes.object === undefined) return
      const { spec } = attributes.object as unknown as Pod
      if (attributes.operation === 'UPDATE') keepPriority(spec, attributes.oldObject)
      if (attributes.operation === 'CREATE') await setPriority(registry, attributes, spec)
    },
    async validate(attributes) {
      const { resource, operation } = attributes
      if (resource.group !== PRIORITY_CLASSES.group || resource.resource !== PRIORITY_CLASSES.resource) return
      if (operation === 'CREATE' || operation === 'UPDATE') await refuseSecondDefault(registry, attributes)
    },
  }
}

/** Clients that do not know the fields would take them away. */
function keepPriority(spec: Pod['spec'], oldObject: UnknownObject | undefined): void {
  const old = (oldObject as unknown as Pod | undefined)?.spec
  if (spec.priority === undefined && old?.priority !== undefined) spec.priority = old.priority
  if (spec.preemptionPolicy === undefined && old?.preemptionPolicy !== undefined)
    spec.preemptionPolicy = old.preemptionPolicy
}

async function setPriority(registry: Registry, { name }: AdmissionAttributes, spec: Pod['spec']): Promise<void> {
  const asked = spec.priorityClassName ?? ''
  const chosen = asked === '' ? await findDefault(registry) : await findClass(registry, asked)
  if (asked !== '' && chosen === undefined) throw forbidden(PODS, name, `no PriorityClass with name ${asked} was found`)
  if (asked === '' && chosen?.metadata.name !== undefined) spec.priorityClassName = chosen.metadata.name
  const value = chosen?.value ?? 0
  if (spec.priority !== undefined && spec.priority !== value)
    throw forbidden(
      PODS,
      name,
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
    )
  const policy = chosen?.preemptionPolicy ?? 'PreemptLowerPriority'
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy)
    throw forbidden(
      PODS,
      name,
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
    )
  spec.priority = value
  spec.preemptionPolicy = policy
}

async function findClass(registry: Registry, name: string): Promise<PriorityClass | undefined> {
  return findObject(registry, PRIORITY_CLASSES, '', name)
}

/** Of several the one with the lowest value. */
async function findDefault(registry: Registry): Promise<PriorityClass | undefined> {
  const defaults = (await listClasses(registry)).filter(({ globalDefault }) => globalDefault === true)
  return defaults.toSorted((left, right) => (left.value ?? 0) - (right.value ?? 0))[0]
}

async function listClasses(registry: Registry): Promise<PriorityClass[]> {
  const storage = registry.find(PRIORITY_CLASSES.group, PRIORITY_CLASSES.resource)
  if (storage === undefined) return []
  return (await storage.list(LOOPBACK_CONTEXT, { namespace: '', resourceVersion: '0' })).items
}

async function refuseSecondDefault(registry: Registry, { object, name }: AdmissionAttributes): Promise<void> {
  const written = object as PriorityClass | undefined
  if (written?.globalDefault !== true) return
  const other = (await listClasses(registry)).find(
    ({ globalDefault, metadata }) => globalDefault === true && metadata.name !== written.metadata.name,
  )
  if (other === undefined) return
  const why = `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`
  throw forbidden(PRIORITY_CLASSES, name, why)
}
