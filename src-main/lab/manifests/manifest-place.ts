/** Where the manifests of a node lie: in the mounted folder, or where its kubelet was pointed at on the node. */
import type { NodeTarget } from '../../common/ipc/calls.ts'
import { LabError } from '../../common/lab-error.ts'
import type { NodeChannel } from '../nodes/channel-client/node-channel.ts'

export interface ManifestReader {
  /** @throws NotFound, and what else keeps a file from being read */
  read(name: string): Promise<Buffer>
}

export interface ManifestPlace extends ManifestReader {
  /** Whose versions the history keeps of it. */
  readonly history: HistoryTarget
  /** Answers whether a file was replaced. @throws AlreadyExists unless `replace` */
  write(name: string, content: string, replace: boolean): Promise<boolean>
  /** @throws NotFound */
  remove(name: string): Promise<void>
}

/** A folder of which versions are kept. */
export interface HistoryTarget extends NodeTarget {
  /** A path on the node; absent for the mounted folder. */
  folder?: string
}

/** What a kubelet reads on its node, by way of that kubelet. @param folder its `staticPodPath`, which may be one file */
export function channelPlace(target: NodeTarget, channel: NodeChannel, folder: string | null): ManifestPlace {
  return {
    history: folder === null ? target : { ...target, folder: withoutTrailingSlash(folder) },
    read: (name) => channel.readManifest(name),
    async write(name, content, replace) {
      const { names } = await channel.listManifests()
      const isThere = names.includes(name)
      if (isThere && !replace)
        throw new LabError({
          kind: 'AlreadyExists',
          message: `the node has a manifest ${name} already`,
          remedy: 'Replace it (node-lab apply --replace), or give the file another name.',
        })
      await channel.writeManifest(name, content)
      return isThere
    },
    remove: (name) => channel.removeManifest(name),
  }
}

export function withoutTrailingSlash(path: string): string {
  return path.replace(/(.)\/+$/, '$1')
}
