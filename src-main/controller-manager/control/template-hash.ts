/** Short hashes that tell templates apart (pkg/controller ComputeHash: FNV-1a of 32 bits, safe-encoded). Pure. */
import { fnv1a } from '../../common/fnv1a.ts'
import { canonicalJSON } from '../../common/manifest/canonical-json.ts'

/** No vowels, and nothing that looks like another: a hash is no word (apimachinery/pkg/util/rand). */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'

/** The same for the same template whatever the order of its fields; ours, not upstream's, which hashes Go's own print of it. */
export function templateHash(template: unknown, collisionCount = 0): string {
  const text = canonicalJSON(template) + (collisionCount === 0 ? '' : String(collisionCount))
  return safeEncode(String(fnv1a(text)))
}

/** Every character as one of the alphabet. */
function safeEncode(text: string): string {
  return [...text].map((character) => ALPHABET[character.charCodeAt(0) % ALPHABET.length] ?? '').join('')
}
