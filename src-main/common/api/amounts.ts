/** Amounts out of quantities that validation has already accepted. */
import type { QuantityString } from './core.ts'
import { parseQuantity } from './quantity.ts'

/** One whole unit, a core or a byte, in the nano-units that quantities are counted in. */
export const NANOS_PER_UNIT = 1_000_000_000n

/** In nano-units; `0n` for what is no quantity, which validation has refused before. */
export function quantityNanos(quantity: QuantityString | undefined): bigint {
  if (quantity === undefined) return 0n
  const parsed = parseQuantity(quantity)
  return parsed.ok ? parsed.quantity.nanos : 0n
}

/** Whole units, rounded up. */
export function quantityUnits(quantity: QuantityString | undefined): bigint {
  return divideUp(quantityNanos(quantity), NANOS_PER_UNIT)
}

/** Thousandths, rounded up: millicores. */
export function quantityMillis(quantity: QuantityString | undefined): bigint {
  return divideUp(quantityNanos(quantity), NANOS_PER_UNIT / 1000n)
}

/** Of amounts that are not negative. */
export function divideUp(amount: bigint, divisor: bigint): bigint {
  return (amount + divisor - 1n) / divisor
}
