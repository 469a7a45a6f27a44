/** Which images the manifests of a lab ask for. */
import { decodeManifest } from '../../common/manifest/decode-manifest.ts'

/** Parsing is slow, and the files may be somebody else's: no Pod that people write is larger, nor are all of a lab. */
const MAX_PARSED_BYTES = 256 * 1024
const MAX_ALL_PARSED_BYTES = 4 * 1024 * 1024

/** Sorted; a file that is no Pod asks for none. Files that are too large to be parsed are passed over: it is a hint, no promise. */
export function computeNeededImages(manifests: Iterable<Buffer>): string[] {
  const images = new Set<string>()
  let parsedBytes = 0
  for (const content of manifests) {
    if (content.length > MAX_PARSED_BYTES || parsedBytes + content.length > MAX_ALL_PARSED_BYTES) continue
    parsedBytes += content.length
    const decoded = decodeManifest(content, { path: 'manifest' })
    if (!decoded.ok) continue
    const { containers, initContainers = [] } = decoded.pod.spec
    for (const { image } of [...(containers ?? []), ...initContainers])
      if (typeof image === 'string' && image !== '') images.add(image)
  }
  return [...images].toSorted()
}
