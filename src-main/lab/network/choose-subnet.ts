/** Which addresses a new lab gets: a subnet that clashes with nothing, and what lies where inside it (design §3). */
import { LabError } from '../../common/lab-error.ts'
import { formatIPv4, isNodeAddress, parseIPv4, parseIPv4Subnet, type IPv4Subnet } from '../../common/lab/ipv4-subnet.ts'

/** Where /24s are looked for, in this order; Docker's own choices begin at the other end of 172.16.0.0/12. */
const POOLS = ['172.30.0.0/16', '172.31.0.0/16', '10.213.0.0/16', '192.168.224.0/19']
const SUBNET_SIZE = 256
/** node01 is .11, so that a node's number can be read off its address. */
const FIRST_NODE_OFFSET = 11

/** The first /24 that overlaps none of the networks. What is no IPv4 CIDR is passed over. @throws Conflict when all are taken */
export function chooseSubnet(taken: readonly string[]): string {
  const networks = parseAll(taken)
  for (const pool of parseAll(POOLS)) {
    for (let network = pool.network; network < pool.network + pool.size; network += SUBNET_SIZE) {
      const candidate: IPv4Subnet = { network, prefix: 24, size: SUBNET_SIZE }
      if (!networks.some((other) => overlaps(candidate, other))) return formatSubnet(candidate)
    }
  }
  throw new LabError({
    kind: 'Conflict',
    message: `no free address range was found for the lab: ${POOLS.join(', ')} are all in use on this machine`,
    remedy: 'Remove Docker networks that are not needed any more (docker network prune), or disconnect a VPN.',
  })
}

/** Those of the networks that share addresses with the subnet. */
export function findClashes(subnet: string, taken: readonly string[]): string[] {
  const own = parseIPv4Subnet(subnet)
  if (own === undefined) return []
  return taken.filter((text) => {
    const other = parseIPv4Subnet(text)
    return other !== undefined && overlaps(own, other)
  })
}

export interface SubnetLayout {
  gateway: string
  /** The upper half, which the engine hands out to pods. */
  ipRange: string
}

/** @param subnet one that `parseLabSpec` let pass */
export function computeSubnetLayout(subnet: string): SubnetLayout {
  const parsed = requireSubnet(subnet)
  const half = parsed.size / 2
  return {
    gateway: formatIPv4(parsed.network + 1),
    ipRange: formatSubnet({ network: parsed.network + half, prefix: parsed.prefix + 1, size: half }),
  }
}

/** The lowest address for one more node. @throws Conflict when the lower half is full */
export function chooseNodeAddress(subnet: string, used: readonly string[]): string {
  const parsed = requireSubnet(subnet)
  const half = parsed.size / 2
  const first = half > FIRST_NODE_OFFSET + 1 ? FIRST_NODE_OFFSET : 2
  for (let offset = first; offset < half; offset++) {
    const address = formatIPv4(parsed.network + offset)
    if (!used.includes(address)) return address
  }
  throw new LabError({ kind: 'Conflict', message: `the subnet ${subnet} has no address left for another node` })
}

/** The same node addresses, counted from the new subnet's beginning. */
export function moveAddress(address: string, from: string, to: string): string {
  const [source, target, number] = [requireSubnet(from), requireSubnet(to), parseIPv4(address)]
  const moved = (number ?? 0) - source.network + target.network
  return isNodeAddress(target, moved) ? formatIPv4(moved) : ''
}

function requireSubnet(text: string): IPv4Subnet {
  const subnet = parseIPv4Subnet(text)
  if (subnet === undefined) throw new LabError({ kind: 'BadRequest', message: `${text} is no IPv4 subnet` })
  return subnet
}

function parseAll(texts: readonly string[]): IPv4Subnet[] {
  return texts.flatMap((text) => parseIPv4Subnet(text) ?? [])
}

function overlaps(one: IPv4Subnet, other: IPv4Subnet): boolean {
  return one.network < other.network + other.size && other.network < one.network + one.size
}

function formatSubnet({ network, prefix }: IPv4Subnet): string {
  return `${formatIPv4(network)}/${prefix}`
}
