/** How long kubelets of a cluster of this size may keep Secrets and ConfigMaps before they look again (pkg/controller/ttl). Pure. */

/** In nodes; the ranges overlap so that a cluster at their edge does not go back and forth. */
const STEPS = [
  { from: 0, to: 100, seconds: 0 },
  { from: 90, to: 500, seconds: 15 },
  { from: 450, to: 1000, seconds: 30 },
  { from: 900, to: 2000, seconds: 60 },
  { from: 1800, to: Infinity, seconds: 300 },
] as const

/** @param before the present number of seconds, which stays while the size allows it */
export function computeTtlSeconds(nodes: number, before: number): number {
  const fits = STEPS.filter(({ from, to }) => nodes >= from && nodes <= to)
  return (fits.find(({ seconds }) => seconds === before) ?? fits[0])?.seconds ?? 0
}
