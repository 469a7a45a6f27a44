/**
 * Which pulls the service may ask of the engine. The engine pulls in the network of the computer, and a pull moves a tag that
 * all of the computer's work shares.
 */
import { isIP, isIPv4 } from 'node:net'
import type { ImageReference } from '../../common/api/image-reference.ts'
import { parseImageReference } from '../../common/api/image-reference.ts'
import type { EngineImage } from './engine-types.ts'

/** `elsewhere`: not on the computer itself; `any`: for tests with a registry of their own. */
export type PullableRegistries = 'elsewhere' | 'any'

/**
 * Why an image may not be pulled, in words for the pod's status. `present`: what the engine has under that name. A name that
 * resolves to the computer cannot be seen here; the engine speaks TLS with it, and not HTTP.
 */
export function computePullRefusal(
  reference: ImageReference,
  present: Pick<EngineImage, 'RepoDigests'> | undefined,
  registries: PullableRegistries,
): string | undefined {
  const { domain, digest } = reference
  if (registries === 'elsewhere' && isOnThisComputer(domain.replace(/:\d+$/, '')))
    return `images are not pulled from ${domain}, which is this computer itself`
  if (present !== undefined && digest === undefined && !isOfRegistry(reference, present))
    return (
      `the image of that name was made on this computer, and a pull would take the name away from it; ` +
      `imagePullPolicy IfNotPresent runs it`
    )
  return undefined
}

/** Whatever a resolver takes for an address counts as one: `127.1`, `0x7f000001`. */
function isOnThisComputer(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase()
  if (name === 'localhost' || name.endsWith('.localhost')) return true
  if (isIPv4(name)) return name.startsWith('127.') || name.startsWith('0.')
  if (isIP(name) === 6)
    return /^[0:]*:(1|0|)$/.test(name) || name.includes('127.') || /^[0:]*:ffff:(7f|0:|0$)/.test(name)
  return /^(0x[0-9a-f]+|\d+)(\.(0x[0-9a-f]+|\d+))*$/.test(name)
}

/** It has been pulled from there before. */
function isOfRegistry(
  { repository }: ImageReference,
  { RepoDigests: digests }: Pick<EngineImage, 'RepoDigests'>,
): boolean {
  return (digests ?? []).some((digest) => {
    const parsed = parseImageReference(digest)
    return parsed.ok && parsed.reference.repository === repository
  })
}
