/** The hash by which the kubelet sees that a running container no longer fits its definition: name and image only (facts 1.5.6). */
import type { Container } from '../../common/api/core.ts'

/** FNV-1a, 32 bits, as eight hex digits. */
export function containerHash(container: Container): string {
  const bytes = new TextEncoder().encode(JSON.stringify({ image: container.image ?? '', name: container.name }))
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash.toString(16).padStart(8, '0')
}
