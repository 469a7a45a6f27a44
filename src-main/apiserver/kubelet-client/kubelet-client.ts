/** How the API server reaches kubelets: which address, with which certificate (pkg/kubelet/client). */
import type { RequestOptions } from 'node:https'
import type { BlockList } from 'node:net'
import type { Node, NodeAddress } from '../../common/api/node.ts'
import { notFound } from '../../kube/status-error.ts'
import { findObject } from '../registry/find-object.ts'
import type { Registry } from '../registry/resource-storage.ts'
import { plainFailure } from '../registry/store-failure.ts'
import type { ForbiddenAddresses } from './allowed-address.ts'

export interface KubeletClientOptions {
  /** PEM of `--kubelet-client-certificate` and `--kubelet-client-key`. */
  certificate: string | undefined
  key: string | undefined
  /** PEM of `--kubelet-certificate-authority`; undefined: any serving certificate is taken, as upstream does. */
  authorities: string | undefined
  /** `--kubelet-preferred-address-types`. */
  addressTypes: readonly NodeAddress['type'][]
  forbidden: ForbiddenAddresses
}

const DEFAULT_PORT = 10_250

/** Where something is served; `tls` is undefined for plain HTTP. */
export interface Endpoint {
  host: string
  port: number
  tls: Pick<RequestOptions, 'cert' | 'key' | 'ca' | 'rejectUnauthorized'> | undefined
  /** What `host` must not be, also as a name. */
  forbidden: BlockList
}

export class KubeletClient {
  readonly #options: KubeletClientOptions
  readonly #registry: Registry

  constructor(options: KubeletClientOptions, registry: Registry) {
    this.#options = options
    this.#registry = registry
  }

  /**
   * The kubelet of a node.
   * @throws StatusError when there is no such node, or no address of it is known
   */
  async endpointOf(nodeName: string): Promise<Endpoint> {
    const node = await findObject(this.#registry, NODES, '', nodeName)
    if (node === undefined) throw notFound(NODES, nodeName)
    const { status = {} } = node as Node
    return {
      host: this.#addressOf(status.addresses ?? []),
      // A Node whose kubelet has not reported says 0.
      port: status.daemonEndpoints?.kubeletEndpoint?.Port || DEFAULT_PORT,
      tls: this.#tls,
      forbidden: this.#options.forbidden.ofKubelets,
    }
  }

  get #tls(): NonNullable<Endpoint['tls']> {
    const { certificate: cert, key, authorities: ca } = this.#options
    return {
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(ca === undefined ? { rejectUnauthorized: false } : { ca }),
    }
  }

  #addressOf(addresses: readonly NodeAddress[]): string {
    for (const type of this.#options.addressTypes) {
      const found = addresses.find((one) => one.type === type)
      if (found !== undefined) return found.address
    }
    throw plainFailure(`no preferred addresses found; known addresses: ${describe(addresses)}`)
  }
}

const NODES = { group: '', resource: 'nodes' }

/** As Go prints the list. */
function describe(addresses: readonly NodeAddress[]): string {
  return `[${addresses.map(({ type, address }) => `{${type} ${address}}`).join(' ')}]`
}
