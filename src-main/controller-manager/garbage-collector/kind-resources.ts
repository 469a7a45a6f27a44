/** Where objects of a kind are found: owner references name kinds, requests resources (client-go's RESTMapper). */
import type { Clock } from '../../base/clock.ts'
import { groupVersion } from '../../common/api/api-object.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { discoverResources, type DiscoveredResource } from '../control/discover-resources.ts'

/** So seldom is a server asked again for a kind that it did not have. */
const REFRESH_MS = 30_000

export class KindResources {
  readonly #client: ApiClient
  readonly #clock: Clock
  #byKind = new Map<string, DiscoveredResource>()
  #readAtMs = -Infinity

  constructor(client: ApiClient, clock: Clock) {
    this.#client = client
    this.#clock = clock
  }

  /** All resources, subresources left out. Rejects as the client does. */
  async read(): Promise<DiscoveredResource[]> {
    this.#readAtMs = this.#clock.now()
    const resources = (await discoverResources(this.#client)).filter(({ resource }) => !resource.includes('/'))
    this.#byKind = new Map(resources.map((resource) => [`${groupVersion(resource)} ${resource.kind}`, resource]))
    return resources
  }

  /** Rejects for a kind that the server does not have, which may come with its next version. */
  async find({ apiVersion, kind }: { apiVersion: string; kind: string }): Promise<DiscoveredResource> {
    const key = `${apiVersion} ${kind}`
    if (!this.#byKind.has(key) && this.#clock.now() - this.#readAtMs > REFRESH_MS) await this.read()
    const found = this.#byKind.get(key)
    if (found === undefined)
      throw new Error(`unable to get REST mapping for ${apiVersion}/${kind}: the server has no such kind`)
    return found
  }
}
