/** What this machine's network already uses: address ranges and ports. */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { connect } from 'node:tls'
import { formatIPv4, parseIPv4 } from '../../common/lab/ipv4-subnet.ts'
import { LabError } from '../../common/lab-error.ts'
import { hasCode } from '../store/error-code.ts'

/** Ports of the nodes' 6443 begin here: below the ephemeral range, easy to recognise. */
export const FIRST_PORT = 26443
export const LAST_PORT = 32000

/** A node of this machine answers within a few; nobody waits long for one that is elsewhere. */
const ANSWER_MS = 1000

export interface HostNetwork {
  /** IPv4 CIDRs of interfaces and routes, without the default route. */
  usedSubnets(): Promise<string[]>
  /** Whether 127.0.0.1:port can be listened on. */
  isPortFree(port: number): Promise<boolean>
  /** Whether a server answers there whose certificate is of this authority (PEM) and of this address. */
  isServedBy(address: string, port: number, authority: string): Promise<boolean>
}

export const hostNetwork: HostNetwork = {
  async usedSubnets() {
    return [...interfaceSubnets(), ...(await routedSubnets())]
  },
  isPortFree(port) {
    return new Promise((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
    })
  },
  isServedBy(address, port, authority) {
    return new Promise((resolve) => {
      const socket = connect({ host: address, port, ca: authority, timeout: ANSWER_MS })
      const end = (isServed: boolean) => (): void => {
        resolve(isServed)
        socket.destroy()
      }
      socket.once('secureConnect', end(true)).once('timeout', end(false)).once('error', end(false))
    })
  },
}

/** The lowest port that is neither promised to a node nor in use. @throws Conflict when all are */
export async function choosePort(host: HostNetwork, promised: ReadonlySet<number>): Promise<number> {
  for (let port = FIRST_PORT; port <= LAST_PORT; port++) {
    if (!promised.has(port) && (await host.isPortFree(port))) return port
  }
  throw new LabError({ kind: 'Conflict', message: `no port from ${FIRST_PORT} to ${LAST_PORT} is free on 127.0.0.1` })
}

function interfaceSubnets(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).flatMap(({ family, address, netmask, internal }) =>
      family === 'IPv4' && !internal ? (maskedSubnet(parseIPv4(address), parseIPv4(netmask)) ?? []) : [],
    ),
  )
}

/** Linux tells its routes; elsewhere interfaces have to do. */
async function routedSubnets(): Promise<string[]> {
  try {
    return parseRoutes(await readFile('/proc/net/route', 'utf8'))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}

/** The table of `/proc/net/route`: addresses are hexadecimal, lowest byte first. */
export function parseRoutes(table: string): string[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const fields = line.split('\t')
      const [destination, mask] = [parseHexAddress(fields[1]), parseHexAddress(fields[7])]
      return mask === undefined || mask === 0 ? [] : (maskedSubnet(destination, mask) ?? [])
    })
}

function parseHexAddress(text: string | undefined): number | undefined {
  if (text === undefined || !/^[0-9A-F]{8}$/i.test(text)) return undefined
  return [6, 4, 2, 0].reduce((sum, at) => sum * 256 + Number.parseInt(text.slice(at, at + 2), 16), 0)
}

function maskedSubnet(address: number | undefined, mask: number | undefined): string | undefined {
  if (address === undefined || mask === undefined) return undefined
  const size = 2 ** 32 - mask
  const prefix = 32 - Math.log2(size)
  return Number.isInteger(prefix) ? `${formatIPv4(address - (address % size))}/${prefix}` : undefined
}
