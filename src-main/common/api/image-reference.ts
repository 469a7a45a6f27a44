/**
 * Image names in manifests, read as the `distribution/reference` rules read them: `[domain/]path[:tag][@digest]`, with
 * `docker.io/library/` put before short names. Errors carry upstream's words, which end up in a pod's status.
 */

export interface ImageReference {
  /** Registry host, such as `docker.io` or `registry.k8s.io:443`. */
  domain: string
  /** Path inside the registry, such as `library/nginx`. */
  path: string
  /** `domain/path`: the normalised repository name. */
  repository: string
  /** Absent when none is written; see `applyDefaultImageTag`. */
  tag?: string
  /** `sha256:…`, absent when none is written. */
  digest?: string
}

export type ParsedImageReference = { ok: true; reference: ImageReference } | { ok: false; message: string }

const INVALID_FORMAT = 'invalid reference format'
const NAME_TOO_LONG = 'repository name must not be more than 255 characters'
const MAX_NAME_LENGTH = 255
/** A name of 255, a tag of 128 and the longest digest fit in well below this; it bounds the work of the expressions. */
const MAX_REFERENCE_LENGTH = 1024

const ALPHANUMERIC = '[a-z0-9]+'
const SEPARATOR = '(?:[._]|__|[-]+)'
const PATH_COMPONENT = `${ALPHANUMERIC}(?:${SEPARATOR}${ALPHANUMERIC})*`
const DOMAIN_COMPONENT = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])'
const IPV6 = '\\[(?:[a-fA-F0-9:]+)\\]'
const DOMAIN = `(?:${DOMAIN_COMPONENT}(?:\\.${DOMAIN_COMPONENT})*|${IPV6})(?::[0-9]+)?`
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}'
const REFERENCE = new RegExp(
  `^(?<domain>${DOMAIN})/(?<path>${PATH_COMPONENT}(?:/${PATH_COMPONENT})*)(?::(?<tag>[\\w][\\w.-]{0,127}))?(?:@(?<digest>${DIGEST}))?$`,
)
const IDENTIFIER = /^[a-f0-9]{64}$/
const DIGEST_HEX_LENGTH: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 }

/** Reads an image name; the message of a refusal is the inner part of upstream's (`invalid reference format…`). */
export function parseImageReference(image: string): ParsedImageReference {
  if (image.length > MAX_REFERENCE_LENGTH) return { ok: false, message: NAME_TOO_LONG }
  if (IDENTIFIER.test(image)) {
    return { ok: false, message: `invalid repository name (${image}), cannot specify 64-byte hexadecimal strings` }
  }
  const { domain, remainder } = splitDomain(image)
  const tagSeparator = remainder.indexOf(':')
  const remoteName = tagSeparator < 0 ? remainder : remainder.slice(0, tagSeparator)
  if (remoteName.toLowerCase() !== remoteName) {
    return { ok: false, message: `${INVALID_FORMAT}: repository name must be lowercase` }
  }
  const groups = REFERENCE.exec(`${domain}/${remainder}`)?.groups
  const path = groups?.['path']
  if (groups === undefined || path === undefined) return { ok: false, message: INVALID_FORMAT }
  const repository = `${domain}/${path}`
  if (repository.length > MAX_NAME_LENGTH) return { ok: false, message: NAME_TOO_LONG }
  const reference: ImageReference = { domain, path, repository }
  const { tag, digest } = groups
  if (tag !== undefined) reference.tag = tag
  if (digest !== undefined) {
    const fault = digestFault(digest)
    if (fault !== undefined) return { ok: false, message: fault }
    reference.digest = digest
  }
  return { ok: true, reference }
}

/**
 * The name that a kubelet pulls: as written, with `:latest` when neither tag nor digest is given (facts 2.10.1). The
 * message of a refusal is what follows `Failed to apply default image tag "I": ` in the pod's status.
 */
export function applyDefaultImageTag(image: string): { ok: true; image: string } | { ok: false; message: string } {
  const parsed = parseImageReference(image)
  if (!parsed.ok)
    return { ok: false, message: `couldn't parse image reference ${JSON.stringify(image)}: ${parsed.message}` }
  const { tag, digest } = parsed.reference
  return { ok: true, image: tag === undefined && digest === undefined ? `${image}:latest` : image }
}

/** The domain and the rest, with Docker's rule for short names: a first part without `.`, `:` or capitals is no host. */
function splitDomain(image: string): { domain: string; remainder: string } {
  const slash = image.indexOf('/')
  const first = slash < 0 ? '' : image.slice(0, slash)
  const isHost = slash >= 0 && (/[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first)
  let domain = isHost ? first : 'docker.io'
  let remainder = isHost ? image.slice(slash + 1) : image
  if (domain === 'index.docker.io') domain = 'docker.io'
  if (domain === 'docker.io' && !remainder.includes('/')) remainder = `library/${remainder}`
  return { domain, remainder }
}

function digestFault(digest: string): string | undefined {
  const colon = digest.indexOf(':')
  const length = DIGEST_HEX_LENGTH[digest.slice(0, colon)]
  const hex = digest.slice(colon + 1)
  if (length === undefined) return 'unsupported digest algorithm'
  if (hex.length !== length) return 'invalid checksum digest length'
  return /^[a-f0-9]+$/.test(hex) ? undefined : 'invalid checksum digest format'
}
