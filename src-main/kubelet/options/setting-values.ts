/** Values with a grammar of their own inside settings: quantities of bytes, taints. */
import type { Taint } from './kubelet-options.ts'

const FACTORS: Record<string, number> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
}

/** Bytes of a Kubernetes quantity such as `10Mi`; `undefined` when it is none. */
export function parseQuantityBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(text.trim())
  if (match === null) return undefined
  return Math.ceil(Number(match[1]) * (FACTORS[match[2] ?? ''] ?? 1))
}

/** `key=value:Effect,key:Effect`; the fault as a sentence when it is not that. */
export function parseTaints(text: string): Taint[] | string {
  const taints: Taint[] = []
  for (const part of text.split(',').filter((item) => item !== '')) {
    const match = /^([^=:]+)(?:=([^:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)$/.exec(part.trim())
    if (match === null)
      return `invalid argument "${text}" for "--register-with-taints" flag: invalid taint spec: ${part}`
    taints.push({ key: match[1] ?? '', value: match[2] ?? '', effect: match[3] as Taint['effect'] })
  }
  return taints
}
