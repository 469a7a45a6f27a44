import { utf8Bytes } from './utf8-bytes.ts'

/** FNV-1a of 32 bits, as an unsigned number, of a text's UTF-8 bytes. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of utf8Bytes(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash
}
