/**
 * Names of a lab's simulated nodes: `sim001`, `sim002`, …, in `lab.yaml` as ranges (`sim001-sim200`), because there may be
 * hundreds. All of them live in one container of the engine.
 */

/** What a laptop's memory and one API server of ours carry well. */
export const MAX_SIMULATED_NODES = 500
/** In names of engine objects and folders it stands where a node's name stands elsewhere. */
export const SIMULATED_GROUP = 'simulated'
/** On Node objects; their kubelets set it. */
export const SIMULATED_LABEL = 'io.node-lab/simulated'

const PREFIX = 'sim'
const DIGITS = 3

/** Whether a node of its own may not have the name, since simulated nodes or their container have it. */
export function isReservedNodeName(name: string): boolean {
  return name === SIMULATED_GROUP || simulatedNodeNumber(name) !== undefined
}

/** 7 for `sim007`; `undefined` for whatever is no name of a simulated node. */
export function simulatedNodeNumber(name: string): number | undefined {
  const digits = /^sim(\d{3})$/.exec(name)?.[1]
  const number = Number(digits)
  return digits === undefined || number < 1 || number > MAX_SIMULATED_NODES ? undefined : number
}

/** Names of all nodes of the ranges, in order. What is no range counts as nothing. */
export function listSimulatedNodes(ranges: readonly string[] = []): string[] {
  const numbers = new Set<number>()
  for (const range of ranges) {
    const [first = 0, last = -1] = parseRange(range) ?? []
    for (let number = first; number <= last; number++) numbers.add(number)
  }
  return [...numbers].sort((one, other) => one - other).map(nameOf)
}

/** The shortest ranges of these nodes. */
export function formatSimulatedNodes(names: readonly string[]): string[] {
  const numbers = [...new Set(names.flatMap((name) => simulatedNodeNumber(name) ?? []))].sort((a, b) => a - b)
  const ranges: [number, number][] = []
  for (const number of numbers) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === number - 1) last[1] = number
    else ranges.push([number, number])
  }
  return ranges.map(([first, last]) => (first === last ? nameOf(first) : `${nameOf(first)}-${nameOf(last)}`))
}

/** What is wrong with a range of `lab.yaml`, in one sentence, or nothing. */
export function simulatedRangeFault(range: string): string | undefined {
  if (parseRange(range) !== undefined) return undefined
  return `Write one name or a range, from ${nameOf(1)} to ${nameOf(MAX_SIMULATED_NODES)}, such as "sim001-sim200".`
}

/** With so many more, the lowest free numbers first; `undefined` when there are not so many. */
export function withMoreSimulatedNodes(ranges: readonly string[], count: number): string[] | undefined {
  const names = new Set(listSimulatedNodes(ranges))
  if (names.size + count > MAX_SIMULATED_NODES) return undefined
  for (let number = 1, left = count; left > 0; number++)
    if (!names.has(nameOf(number))) {
      names.add(nameOf(number))
      left--
    }
  return formatSimulatedNodes([...names])
}

function parseRange(range: string): [number, number] | undefined {
  const [from = '', to = from, ...more] = range.split('-')
  const first = simulatedNodeNumber(from)
  const last = simulatedNodeNumber(to)
  if (first === undefined || last === undefined || first > last || more.length > 0) return undefined
  return [first, last]
}

function nameOf(number: number): string {
  return `${PREFIX}${String(number).padStart(DIGITS, '0')}`
}
