/** The hash by which the kubelet sees that a running container no longer fits its definition: name and image only (facts 1.5.6). */
import type { Container } from '../../common/api/core.ts'
import { fnv1a } from '../../common/fnv1a.ts'

/** FNV-1a, 32 bits, as eight hex digits. */
export function containerHash(container: Container): string {
  const text = JSON.stringify({ image: container.image ?? '', name: container.name })
  return fnv1a(text).toString(16).padStart(8, '0')
}
