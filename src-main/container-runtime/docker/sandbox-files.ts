/**
 * The `resolv.conf` of each sandbox, in the node's volume where containerd has it, and mounted into the containers of the
 * pod as a sub-path of that volume. It is written with the sandbox and never again, as containerd does; so a pod may write
 * into it and cannot replace it by rename.
 */
import { constants } from 'node:fs'
import { readdir, rmdir, unlink } from 'node:fs/promises'
import { CriError } from '../cri.ts'
import type { ContainerConfig, Mount, PodSandboxConfig } from '../cri.ts'
import { normalise } from './compute-mounts.ts'
import { withNodeFolder } from './node-files.ts'

const SANDBOXES_FOLDER = '/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes'
const RESOLV_CONF = 'resolv.conf'
const MOUNTED_AT = '/etc/resolv.conf'
const MODE = 0o644
const ID_PATTERN = /^[0-9a-f]{64}$/
const NOT_OURS = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR', 'ENOTEMPTY']
const WRITE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC

/**
 * Pure. Empty for a pod that leaves it to the runtime: its containers get the engine's file, which is the node's.
 * @throws CriError InvalidArgument when a part of it is not one word
 */
export function computeResolvConf(config: PodSandboxConfig): string {
  const { servers = [], searches = [], options = [] } = config.dnsConfig ?? {}
  const word = [...servers, ...searches, ...options].find((candidate) => !/^[^\s\0]+$/.test(candidate))
  if (word !== undefined)
    throw new CriError('InvalidArgument', `DNS server, search or option ${JSON.stringify(word)} is not one word`)
  const lines = [
    ...(searches.length === 0 ? [] : [`search ${searches.join(' ')}`]),
    ...servers.map((server) => `nameserver ${server}`),
    ...(options.length === 0 ? [] : [`options ${options.join(' ')}`]),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

/**
 * Pure: what a container of the sandbox is to mount, the sandbox's file included, unless the pod has put something of its own
 * there. It is read-only where the container's root is, as containerd's is.
 */
export function computeContainerMounts(
  sandbox: { id: string; hasResolvConf: boolean },
  { mounts, linux }: ContainerConfig,
): Mount[] {
  if (!sandbox.hasResolvConf || mounts.some(({ containerPath }) => normalise(containerPath) === MOUNTED_AT))
    return mounts
  const own: Mount = {
    containerPath: MOUNTED_AT,
    hostPath: resolvConfPath(sandbox.id),
    readonly: linux.securityContext.readonlyRootfs,
    selinuxRelabel: false,
    propagation: 'PROPAGATION_PRIVATE',
  }
  return [...mounts, own]
}

function resolvConfPath(sandboxId: string): string {
  return `${SANDBOXES_FOLDER}/${sandboxId}/${RESOLV_CONF}`
}

export class SandboxFiles {
  readonly #nodeRoot: string

  constructor(nodeRoot: string) {
    this.#nodeRoot = nodeRoot
  }

  /** @throws CriError InvalidArgument as `computeResolvConf`, Unknown when the volume does not take it */
  async write(sandboxId: string, config: PodSandboxConfig): Promise<void> {
    const content = computeResolvConf(config)
    if (content === '') return
    const path = resolvConfPath(sandboxId)
    try {
      await withNodeFolder({ root: this.#nodeRoot, path, create: true }, async (openFile, name) => {
        const file = await openFile(name, WRITE_FLAGS)
        try {
          await file.chmod(MODE)
          await file.writeFile(content)
        } finally {
          await file.close()
        }
      })
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? String(error)
      throw new CriError('Unknown', `cannot write ${path}: ${reason}`, { cause: error })
    }
  }

  /** Of the sandboxes that have a folder. */
  async listIds(): Promise<string[]> {
    const path = `${SANDBOXES_FOLDER}/anyone`
    const names = await this.#ifThere(path, (folder) => readdir(folder))
    return (names ?? []).filter((name) => ID_PATTERN.test(name))
  }

  /** Nothing but what was written: what somebody else has put into the folder stays, and so does the folder. */
  async remove(sandboxId: string): Promise<void> {
    const path = `${SANDBOXES_FOLDER}/${sandboxId}`
    await this.#ifThere(resolvConfPath(sandboxId), (folder) => unlink(`${folder}/${RESOLV_CONF}`))
    await this.#ifThere(path, (folder) => rmdir(`${folder}/${sandboxId}`))
  }

  /** `undefined` when it is not there, or something that was not written here in its place. */
  async #ifThere<T>(path: string, act: (folder: string) => Promise<T>): Promise<T | undefined> {
    try {
      return await withNodeFolder({ root: this.#nodeRoot, path, create: false }, (_openFile, _name, folder) =>
        act(folder),
      )
    } catch (error) {
      if (NOT_OURS.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
      throw error
    }
  }
}
