/** FNV-1a, 128 bits: the hash that makes a static pod's UID (facts 1.4.1). */
import { utf8Bytes } from '../utf8-bytes.ts'

/** The offset basis, as sixteen-bit limbs, lowest first. */
const OFFSET_BASIS = [0xc58d, 0x6295, 0x2175, 0x62b8, 0x0142, 0x07bb, 0x272e, 0x6c62] as const
/** The prime is 2^88 + 0x13b. */
const PRIME_LOW = 0x13b
const LIMBS = 8

/** The hash of a text's UTF-8 bytes as 32 hexadecimal digits. */
export function fnv1a128Hex(text: string): string {
  let limbs = new Uint32Array(OFFSET_BASIS)
  let product = new Uint32Array(LIMBS)
  for (const byte of utf8Bytes(text)) {
    limbs[0] = (limbs[0] ?? 0) ^ byte
    multiplyByPrime(limbs, product)
    ;[limbs, product] = [product, limbs]
  }
  return [...limbs]
    .reverse()
    .map((limb) => limb.toString(16).padStart(4, '0'))
    .join('')
}

/** product = limbs × (2^88 + 0x13b) modulo 2^128; 88 bits are five limbs and eight bits. */
function multiplyByPrime(limbs: Uint32Array, product: Uint32Array): void {
  let carry = 0
  for (let index = 0; index < LIMBS; index += 1) {
    const low = index < 5 ? 0 : ((limbs[index - 5] ?? 0) << 8) & 0xffff
    const high = index < 6 ? 0 : (limbs[index - 6] ?? 0) >>> 8
    const sum = (limbs[index] ?? 0) * PRIME_LOW + low + high + carry
    product[index] = sum & 0xffff
    carry = sum >>> 16
  }
}
