/**
 * `metrics.k8s.io/v1beta1` for `kubectl top`. Upstream it is an aggregated API of metrics-server; here the API server asks the
 * kubelets itself.
 */
import { formatTime } from '../registry/prepare-object.ts'
import type { ObjectList, UnknownObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import { array, map, object, QUANTITY, required, STRING, TIME } from '../../common/api/field-schema.ts'
import { kindSchema } from '../../common/api/kind-schema.ts'
import { notFound } from '../../kube/status-error.ts'
import type { VirtualRequest, VirtualResource } from '../endpoints/virtual-resource.ts'
import { findObject, LOOPBACK_CONTEXT } from '../registry/find-object.ts'
import type { TablePrinter } from '../registry/resource-definition.ts'
import type { ObjectSelection, Registry } from '../registry/resource-storage.ts'
import type { KubeletSampler, SamplePair } from './kubelet-sampler.ts'
import { computeRate, type UsageRate } from './usage-rate.ts'

const GROUP = 'metrics.k8s.io'
const API_VERSION = `${GROUP}/v1beta1`
const USAGE = required(map(QUANTITY))
const MEASURED = { timestamp: required(TIME), window: required(STRING) }

export function metricsResources(sampler: KubeletSampler, registry: Registry): VirtualResource[] {
  const nodes = async (selection: ObjectSelection): Promise<UnknownObject[]> => {
    const pairs = await sampler.read()
    const found = await listObjects(registry, 'nodes', '', selection)
    return found.flatMap((node) => nodeMetrics(node, pairs.get(node.metadata.name ?? '')))
  }
  const pods = async (namespace: string, selection: ObjectSelection): Promise<UnknownObject[]> => {
    const pairs = await sampler.read()
    const found = await listObjects(registry, 'pods', namespace, selection)
    return found.flatMap((pod) => podMetrics(pod, pairs))
  }
  return [
    metricsResource('nodes', 'NodeMetrics', false, (_request, selection) => nodes(selection), registry),
    metricsResource('pods', 'PodMetrics', true, ({ namespace }, selection) => pods(namespace, selection), registry),
  ]
}

function metricsResource(
  resource: 'nodes' | 'pods',
  kind: 'NodeMetrics' | 'PodMetrics',
  namespaced: boolean,
  measure: (request: VirtualRequest, selection: ObjectSelection) => Promise<UnknownObject[]>,
  registry: Registry,
): VirtualResource {
  const fields =
    kind === 'NodeMetrics'
      ? { usage: USAGE }
      : { containers: required(array(object('ContainerMetrics', { name: required(STRING), usage: USAGE }))) }
  return {
    gvk: { group: GROUP, version: 'v1beta1', kind },
    listKind: `${kind}List`,
    resource,
    singularName: resource.slice(0, -1),
    shortNames: [],
    namespaced,
    schema: kindSchema(kind, { ...MEASURED, ...fields }),
    printer: PRINTER,
    async get(request, name) {
      const of = { group: GROUP, resource }
      if ((await findObject(registry, { group: '', resource }, request.namespace, name)) === undefined)
        throw notFound(of, name)
      const [found] = await measure(request, { fieldSelector: `metadata.name=${name}` })
      // There is such a thing, but it has not been measured twice.
      if (found === undefined) throw notFound(of, request.namespace === '' ? name : `${request.namespace}/${name}`)
      return found
    },
    async list(request, selection): Promise<ObjectList> {
      const items = await measure(request, selection)
      return { kind: `${kind}List`, apiVersion: API_VERSION, metadata: {}, items }
    },
  }
}

async function listObjects(
  registry: Registry,
  resource: string,
  namespace: string,
  { labelSelector, fieldSelector }: ObjectSelection,
): Promise<UnknownObject[]> {
  const storage = registry.find('', resource)
  const list = await storage?.list(LOOPBACK_CONTEXT, {
    namespace,
    resourceVersion: '0',
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  })
  return list?.items ?? []
}

function nodeMetrics(node: UnknownObject, pair: SamplePair | undefined): UnknownObject[] {
  const rate = computeRate(pair?.older?.node, pair?.newer.node)
  return rate === undefined ? [] : [{ ...describe('NodeMetrics', node, rate), usage: rate.usage }]
}

/** A pod of which one container could not be measured is left out, as by metrics-server. */
function podMetrics(object: UnknownObject, pairs: ReadonlyMap<string, SamplePair>): UnknownObject[] {
  const { spec, status, metadata } = object as unknown as Pod
  const pair = pairs.get(spec.nodeName ?? '')
  if (status?.phase !== 'Running' || pair === undefined) return []
  const key = `${metadata.namespace ?? ''}/${metadata.name ?? ''}`
  const older = pair.older?.pods.get(key)
  const rates = [...(pair.newer.pods.get(key) ?? [])].map(([name, sample]) => ({
    name,
    rate: computeRate(older?.get(name), sample),
  }))
  const known = rates.flatMap(({ name, rate }) => (rate === undefined ? [] : [{ name, rate }]))
  const [first] = known
  if (first === undefined || known.length < rates.length) return []
  const containers = known.map(({ name, rate }) => ({ name, usage: rate.usage }))
  return [{ ...describe('PodMetrics', object, first.rate), containers }]
}

function describe(kind: string, { metadata }: UnknownObject, { timeMs, windowMs }: UsageRate): UnknownObject {
  const { name, namespace, labels } = metadata
  return {
    kind,
    apiVersion: API_VERSION,
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      creationTimestamp: formatTime(timeMs),
      ...(labels === undefined ? {} : { labels }),
    },
    timestamp: formatTime(timeMs),
    window: `${windowMs / 1000}s`,
  }
}

const PRINTER: TablePrinter<UnknownObject> = {
  columns: [
    { name: 'Name', type: 'string', format: 'name', description: 'Name of the resource', priority: 0 },
    { name: 'cpu', type: 'string', format: '', description: 'Use of processor cores', priority: 0 },
    { name: 'memory', type: 'string', format: '', description: 'Working set', priority: 0 },
    { name: 'Window', type: 'string', format: '', description: 'Time between the two samples', priority: 0 },
  ],
  cells({ metadata, ...rest }) {
    const usages = usagesOf(rest)
    const total = (of: 'cpu' | 'memory', unit: string): string =>
      `${usages.reduce((sum, usage) => sum + Number.parseInt(usage[of], 10), 0)}${unit}`
    return [metadata.name ?? '', total('cpu', 'n'), total('memory', 'Ki'), String(rest['window'])]
  },
}

function usagesOf(metrics: Record<string, unknown>): UsageRate['usage'][] {
  const { usage, containers } = metrics as { usage?: UsageRate['usage']; containers?: { usage: UsageRate['usage'] }[] }
  return usage === undefined ? (containers ?? []).map((container) => container.usage) : [usage]
}
