/** What labs need of this machine, whatever the engine: room, ports, addresses, kubectl. */
import { execFile } from 'node:child_process'
import { statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { describeFinding, type DoctorCheck } from '../../common/doctor/doctor-report.ts'
import { KUBERNETES_VERSION } from '../../common/kubernetes-version.ts'
import { isLabError } from '../../common/lab-error.ts'
import type { LabSpec } from '../../common/lab/lab-spec.ts'
import { chooseSubnet, findClashes } from '../network/choose-subnet.ts'
import { choosePort, FIRST_PORT, LAST_PORT, type HostNetwork } from '../network/host-network.ts'
import { LOW_DISK_BYTES } from './judge-engine.ts'

/** kubectl answers in a fraction of it, unless the disk is in trouble. */
const KUBECTL_TIMEOUT_MS = 10_000

export async function checkDisk(home: string): Promise<DoctorCheck> {
  const { bavail, bsize } = await statfs(home)
  const freeBytes = bavail * bsize
  const ok = freeBytes >= LOW_DISK_BYTES
  return describeFinding('disk', ok, ok ? 'disk-free' : 'disk-low', { free: freeBytes / 1e9, folder: home })
}

/** Whether programs may listen on 127.0.0.1, and whether a port for another node is left; then how further ones are found, too. */
export async function checkPorts(
  host: HostNetwork,
  specs: readonly LabSpec[],
): Promise<{ check: DoctorCheck; choosePort?: (tried: ReadonlySet<number>) => Promise<number> }> {
  const refusal = await tryToListen()
  if (refusal !== undefined)
    return { check: describeFinding('ports', false, 'ports-refused', { reason: refusal.message }) }
  const promised = new Set(specs.flatMap(({ nodes }) => nodes.map(({ apiServerPort }) => apiServerPort)))
  try {
    const port = await choosePort(host, promised)
    return {
      check: describeFinding('ports', true, 'ports-free', { port: String(port) }),
      choosePort: (tried) => choosePort(host, new Set([...promised, ...tried])),
    }
  } catch (error) {
    if (!isLabError(error)) throw error
    const values = { first: String(FIRST_PORT), last: String(LAST_PORT) }
    return { check: describeFinding('ports', false, 'ports-taken', values) }
  }
}

function tryToListen(): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', resolve)
    server.listen(0, '127.0.0.1', () => server.close(() => resolve(undefined)))
  })
}

/**
 * Pure. A lab's own network shows on this machine as exactly its subnet, where the engine runs here.
 * @param taken ranges of this machine's interfaces and routes
 * @param networks ranges of the engine's networks that are no lab's
 */
export function judgeSubnets(
  specs: readonly Pick<LabSpec, 'name' | 'subnet'>[],
  taken: readonly string[],
  networks: readonly string[] = [],
): DoctorCheck {
  const clashes = specs.flatMap(({ name, subnet }) =>
    findClashes(subnet, taken)
      .filter((range) => range !== subnet)
      .map((range) => ({ name, text: `${name} (${subnet}) in ${range}` })),
  )
  const [first] = clashes
  if (first !== undefined) {
    const values = { clashes: clashes.map(({ text }) => text).join(', '), lab: first.name }
    return describeFinding('subnets', false, 'subnets-clash', values)
  }
  try {
    const subnet = chooseSubnet([...taken, ...networks, ...specs.map((spec) => spec.subnet)])
    return describeFinding('subnets', true, 'subnets-free', { subnet })
  } catch (error) {
    if (!isLabError(error)) throw error
    return describeFinding('subnets', false, 'subnets-none')
  }
}

/** Supported is one minor version to either side of the server's (facts 7). */
export async function checkKubectl(environment: Record<string, string | undefined>): Promise<DoctorCheck> {
  return judgeKubectl(await askKubectl(environment))
}

/** Pure. @param version such as `v1.35.0`; `undefined` when there is none */
export function judgeKubectl(version: string | undefined): DoctorCheck {
  if (version === undefined) return describeFinding('kubectl', 'notice', 'kubectl-none')
  const [minor, serverMinor] = [minorOf(version), minorOf(KUBERNETES_VERSION)]
  const isNear = minor !== undefined && serverMinor !== undefined && Math.abs(minor - serverMinor) <= 1
  if (isNear) return describeFinding('kubectl', true, 'kubectl-found', { version })
  return describeFinding('kubectl', 'notice', 'kubectl-skew', { version, server: KUBERNETES_VERSION })
}

function minorOf(version: string): number | undefined {
  const minor = /^v1\.(\d+)/.exec(version)?.[1]
  return minor === undefined ? undefined : Number(minor)
}

function askKubectl(environment: Record<string, string | undefined>): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { env: environment, timeout: KUBECTL_TIMEOUT_MS }
    execFile('kubectl', ['version', '--client', '--output=json'], options, (error, stdout) => {
      // One that cannot be run is as good as none.
      resolve(error === null ? readVersion(stdout) : undefined)
    })
  })
}

function readVersion(output: string): string | undefined {
  try {
    const { clientVersion } = JSON.parse(output) as { clientVersion?: { gitVersion?: unknown } }
    return typeof clientVersion?.gitVersion === 'string' ? clientVersion.gitVersion : undefined
  } catch {
    return undefined
  }
}
