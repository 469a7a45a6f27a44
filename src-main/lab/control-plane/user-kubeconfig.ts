/** The kubeconfig of the person at this machine, and which of the API server's two addresses it names. */
import { API_SERVER_PORT } from '../../common/node-layout.ts'
import type { LabContext } from '../lab-context.ts'
import { computeUserKubeconfig, type ClusterPlace } from './node-files.ts'
import { readTextIfThere } from '../store/read-if-there.ts'
import { writeAtomically } from '../store/write-atomically.ts'

const FILE_MODE = 0o600

/** Written anew when it is not there, or for another address or another authority. */
export async function ensureKubeconfig(
  { store }: Pick<LabContext, 'store'>,
  lab: string,
  place: ClusterPlace,
  publishedPort: number,
): Promise<void> {
  const file = store.layout.kubeconfig(lab)
  const authority = Buffer.from(place.authorities.cluster.certificate).toString('base64')
  const present = (await readTextIfThere(file)) ?? ''
  const servers = [publishedServer(publishedPort), ownServer(place.controlPlane.address)]
  if (servers.some((server) => present.includes(`${server}\n`)) && present.includes(authority)) return
  await writeAtomically(file, await computeUserKubeconfig(place, lab, publishedPort), FILE_MODE)
}

/**
 * The node's own address where this machine reaches it, as with an engine on Linux: a port that the engine publishes
 * takes every connection, so that kubectl would try for a minute where a real server's says at once that it is closed; else that port.
 * Call it while the API server answers, and hold the lab's lock.
 */
export async function chooseServer(
  { store, host }: Pick<LabContext, 'store' | 'host'>,
  lab: string,
  controlPlane: { address: string; apiServerPort: number },
): Promise<void> {
  const file = store.layout.kubeconfig(lab)
  const present = (await readTextIfThere(file)) ?? ''
  const authority = /certificate-authority-data: (\S+)/.exec(present)?.[1] ?? ''
  const { address, apiServerPort } = controlPlane
  const isReached = await host.isServedBy(address, API_SERVER_PORT, Buffer.from(authority, 'base64').toString())
  const server = isReached ? ownServer(address) : publishedServer(apiServerPort)
  const wanted = present.replace(/(?<=server: )\S+/, server)
  if (wanted !== present) await writeAtomically(file, wanted, FILE_MODE)
}

function publishedServer(port: number): string {
  return `https://127.0.0.1:${port}`
}

function ownServer(address: string): string {
  return `https://${address}:${API_SERVER_PORT}`
}
