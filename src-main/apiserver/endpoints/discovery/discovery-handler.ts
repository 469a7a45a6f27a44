/** Serves the discovery documents. */
import { negotiate } from '../../table/negotiate.ts'
import type { ApiServices } from '../api-services.ts'
import type { Exchange } from '../exchange.ts'
import { sendObject } from '../respond.ts'
import { discoverVersions, type DiscoveredVersion } from './api-groups.ts'
import { aggregatedDiscovery, apiGroup, apiGroupList, apiResourceList, apiVersions } from './discovery-documents.ts'

export interface DiscoveryHandler {
  /** Whether the path was one of discovery, and has been answered. */
  serve(exchange: Exchange): Promise<boolean>
}

/** @param address where clients reach the server, `host:port` */
export function createDiscoveryHandler(services: ApiServices, address: string): DiscoveryHandler {
  let known: DiscoveredVersion[] | undefined
  // What is served does not change while the server runs.
  const versions = (): DiscoveredVersion[] => (known ??= discoverVersions(services))
  return {
    async serve(exchange) {
      const path = exchange.path.replace(/\/$/, '')
      if (path === '/api' || path === '/apis') {
        await serveRoot(exchange, versions(), path === '/api', address)
        return true
      }
      const document = plainDocument(versions(), path)
      if (document === undefined) return false
      const form = negotiate(exchange.request.headers.accept, ['json', 'yaml'])
      await sendObject(exchange, 200, document, form)
      return true
    },
  }
}

async function serveRoot(
  exchange: Exchange,
  versions: readonly DiscoveredVersion[],
  core: boolean,
  address: string,
): Promise<void> {
  const form = negotiate(exchange.request.headers.accept, ['json', 'yaml', 'aggregatedDiscovery'])
  exchange.response.setHeader('Vary', 'Accept')
  if (form.type === 'aggregatedDiscovery') {
    const document = aggregatedDiscovery(versions, core, form.version)
    return await sendObject(exchange, 200, document, form)
  }
  const document = core ? apiVersions(address) : apiGroupList(versions)
  await sendObject(exchange, 200, document, form)
}

/** What is below `/api` and `/apis`, in the plain form; undefined for what is no path of discovery. */
export function plainDocument(versions: readonly DiscoveredVersion[], path: string): object | undefined {
  const [, root, first, second, ...rest] = path.split('/')
  if (rest.length > 0 || first === undefined) return undefined
  if (root === 'api') {
    const core = versions.find(({ group, version }) => group === '' && version === first)
    return core === undefined || second !== undefined ? undefined : apiResourceList(core)
  }
  const found = root === 'apis' ? versions.find(({ group }) => group === first) : undefined
  if (found === undefined) return undefined
  if (second === undefined) return apiGroup(found)
  return second === found.version ? apiResourceList(found) : undefined
}
