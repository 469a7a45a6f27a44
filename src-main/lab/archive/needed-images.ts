/** Which images the manifests of a lab ask for. */
import { decodeManifest } from '../../common/manifest/decode-manifest.ts'

/** Sorted; a file that is no Pod asks for none. */
export function computeNeededImages(manifests: Iterable<Buffer>): string[] {
  const images = new Set<string>()
  for (const content of manifests) {
    const decoded = decodeManifest(content, { path: 'manifest' })
    if (!decoded.ok) continue
    const { containers, initContainers = [] } = decoded.pod.spec
    for (const { image } of [...(containers ?? []), ...initContainers])
      if (typeof image === 'string' && image !== '') images.add(image)
  }
  return [...images].toSorted()
}
