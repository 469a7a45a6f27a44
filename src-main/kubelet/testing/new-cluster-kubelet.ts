/** A kubelet on a fake clock with an API server beside it, as `kubectl` and another kubelet would see them. */
import type { GroupVersionResource } from '../../common/api/api-object.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import type { ComponentEvent } from '../../kube/event.ts'
import { EVENTS } from '../../kube/event.ts'
import { MemoryApi } from '../../kube/testing/memory-api.ts'
import type { Node } from '../../common/api/node.ts'
import type { ApiPod } from '../cluster/api-objects.ts'
import { Cluster } from '../cluster/cluster.ts'
import { NodeParticularsReader } from '../node-status/node-particulars.ts'
import { ApiReferences } from '../references/api-references.ts'
import { newTestKubelet, type ClusterParts, type TestKubelet, type TestKubeletOptions } from './new-test-kubelet.ts'
import { NODES, PODS } from '../../kube/resources.ts'

export interface ClusterKubelet {
  /** The kubelet, as any other. */
  lab: TestKubelet
  api: MemoryApi
  /** Somebody else's client. */
  kubectl: ApiClient
  node(): Promise<Node>
  /** `undefined` when it is not there. */
  find(name: string, namespace?: string): Promise<ApiPod | undefined>
  /** @throws when it is not there */
  get(name: string): Promise<ApiPod>
  /** Oldest first, by the object's name. */
  events(about: string): Promise<ComponentEvent[]>
  /** Requests that the kubelet has made since this was called last: `POST /api/v1/…`. */
  newRequests(): string[]
}

export interface ClusterKubeletOptions extends TestKubeletOptions {
  /** The server answers from the beginning unless this is set. */
  isServerAway?: boolean
  /** Of another server than the one in memory. */
  client?: ApiClient
  taints?: { key: string; value: string; effect: 'NoSchedule' }[]
}

export async function newClusterKubelet(
  options: ClusterKubeletOptions = {},
): Promise<ClusterKubelet & AsyncDisposable> {
  let now = (): number => 0
  const api = new MemoryApi(() => now())
  if (options.isServerAway === true) api.stop()
  const client = options.client ?? api.client()
  const lab = await newTestKubelet({
    ...options,
    joinCluster: (parts) => {
      now = () => parts.clock.now()
      return {
        connectCluster: (host) => new Cluster(dependencies(parts, client, options), host),
        references: new ApiReferences({ client, clock: parts.clock }),
      }
    },
  })
  const kubectl = client
  let seen = 0
  const find = async (name: string, namespace = 'default'): Promise<ApiPod | undefined> =>
    (await list<ApiPod>(kubectl, PODS)).find(
      ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
    )
  return {
    lab,
    api,
    kubectl,
    find,
    node: () => kubectl.get<Node>(NODES, { name: 'node01' }),
    async get(name) {
      const pod = await find(name)
      if (pod === undefined) throw new Error(`there is no pod ${name}`)
      return pod
    },
    events: async (about) =>
      (await list<ComponentEvent>(kubectl, EVENTS)).filter(({ involvedObject }) => involvedObject.name === about),
    newRequests() {
      const fresh = api.requests.slice(seen)
      seen = api.requests.length
      return fresh
    },
    [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose](),
  }
}

async function list<Kind extends ApiPod | ComponentEvent>(
  client: ApiClient,
  of: GroupVersionResource,
): Promise<Kind[]> {
  return (await client.list<Kind>(of)).items
}

function dependencies(
  { clock, logger, timeline, runtime, images, node }: ClusterParts,
  client: ApiClient,
  { taints = [] }: ClusterKubeletOptions,
): ConstructorParameters<typeof Cluster>[0] {
  const system = {
    machineID: '3d1219c7c4c5404aaa1f6d2a48adfda4',
    systemUUID: '3d1219c7c4c5404aaa1f6d2a48adfda4',
    bootID: '8b6672d0-bdb2-4ce0-a0d3-98d10ddfd27d',
    kernelVersion: '6.18.44',
    osImage: 'Debian GNU/Linux 12 (bookworm)',
  }
  const particulars = new NodeParticularsReader({
    clock,
    runtime,
    images,
    node,
    system,
    kubeletVersion: 'v1.35.0',
    port: 10250,
    maxImages: 50,
  })
  return {
    client,
    clock,
    logger,
    random: () => 0,
    timeline,
    identity: { nodeName: node.nodeName, labels: node.labels, taints },
    settings: {
      registerNode: true,
      nodeStatusUpdateMs: 10_000,
      nodeStatusReportMs: 300_000,
      nodeLeaseDurationSeconds: 40,
    },
    particulars: () => particulars.read(),
  }
}
