/** The paths that an archive of a lab may have, and where each belongs. Pure: whatever else a file names is refused. */
import path from 'node:path'
import { manifestNameFault, nodeNameFault, utf8Length } from '../../common/lab/names.ts'
import { NODE_VOLUME_PATHS } from '../../common/node-layout.ts'

export const DESCRIPTION_FILE = 'lab.yaml'
export const CHECKSUMS_FILE = 'checksums.txt'

/** `stopped`: manifests of components that were put aside. `settings`: files of the node, by their path there. */
export type NodeFileArea = 'manifests' | 'stopped' | 'settings'

export type ArchiveEntry =
  | { kind: 'description' }
  | { kind: 'checksums' }
  | { kind: 'node-file'; node: string; area: NodeFileArea; path: string }

/** One file system's limit of a whole path is less than this nowhere. */
const MAX_PATH_BYTES = 1000

/** @returns the entry, or what is wrong with its name in a few words */
export function parseArchiveEntry(name: string): ArchiveEntry | { fault: string } {
  if (name === DESCRIPTION_FILE) return { kind: 'description' }
  if (name === CHECKSUMS_FILE) return { kind: 'checksums' }
  const fault = pathFault(name)
  if (fault !== undefined) return { fault }
  const [top, node = '', area, ...rest] = name.split('/')
  if (top !== 'nodes' || rest.length === 0) return { fault: 'belongs to no part of a lab' }
  const nodeFault = nodeNameFault(node)
  if (nodeFault !== undefined) return { fault: nodeFault }
  const place = rest.join('/')
  switch (area) {
    case 'manifests':
    case 'stopped': {
      const nameFault = rest.length > 1 ? 'is in a folder, which no kubelet looks into' : manifestNameFault(place)
      return nameFault === undefined ? { kind: 'node-file', node, area, path: place } : { fault: nameFault }
    }
    case 'settings': {
      const settingFault = nodeSettingFault(`/${place}`)
      return settingFault === undefined ? { kind: 'node-file', node, area, path: place } : { fault: settingFault }
    }
    default:
      return { fault: 'belongs to no part of a lab' }
  }
}

/** What is wrong with a folder's own entry, as `tar` writes one: it carries nothing, but may lead nowhere either. */
export function folderEntryFault(name: string): string | undefined {
  const plain = name.endsWith('/') ? name.slice(0, -1) : name
  const fault = pathFault(plain)
  if (fault !== undefined) return fault
  return plain.split('/')[0] === 'nodes' ? undefined : 'belongs to no part of a lab'
}

/** The name of a node's file in the archive; `place` as in `ArchiveEntry`. */
export function formatNodeEntry(node: string, area: NodeFileArea, place: string): string {
  return `nodes/${node}/${area}/${place}`
}

function pathFault(name: string): string | undefined {
  if (name === '' || utf8Length(name) > MAX_PATH_BYTES) return 'has no name of a usual length'
  if (!name.isWellFormed()) return 'has a name that is no correct Unicode'
  if ([...name].some((character) => (character.codePointAt(0) ?? 0) < 0x20)) return 'has control characters in its name'
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) return 'is an absolute path'
  if (name.includes('\\')) return 'has a backslash in its name'
  if (name.split('/').some((part) => part === '' || part === '.' || part === '..'))
    return 'leads out of its folder, or is no plain path'
  return undefined
}

/** Whole folders of a node that are nobody's settings: keys, records of ours, what runs or has run. */
const KEPT_OUT = [
  '/etc/kubernetes/pki',
  '/etc/kubernetes/manifests',
  '/var/lib/kubelet/pki',
  '/var/lib/kubelet/pods',
  '/var/lib/node-lab',
  '/var/lib/etcd',
  '/var/log',
  '/run/containerd',
]
const KUBELET_UNIT = '/etc/systemd/system/kubelet.service'
const KUBELET_UNIT_ADDITIONS = `${KUBELET_UNIT}.d`
/** The lab writes it by itself, for nodes that have an API server. */
export const MEMBER_UNIT_ADDITION = `${KUBELET_UNIT_ADDITIONS}/20-api-server.conf`

/** What is wrong with a path of a node as a setting that is carried from lab to lab. */
export function nodeSettingFault(nodePath: string): string | undefined {
  const isIn = (folder: string): boolean => nodePath === folder || nodePath.startsWith(`${folder}/`)
  if (path.posix.normalize(nodePath) !== nodePath) return 'is no plain path'
  if (!NODE_VOLUME_PATHS.some((folder) => nodePath.startsWith(`${folder}/`)))
    return 'is in no folder of a node that lasts'
  if (KEPT_OUT.some(isIn)) return 'is in a folder that no archive brings along'
  if (path.posix.dirname(nodePath) === '/etc/kubernetes') return 'is where kubeconfigs are'
  if (isIn('/etc/default') && nodePath !== '/etc/default/kubelet') return 'is no setting of the kubelet'
  const isUnit = nodePath === KUBELET_UNIT || path.posix.dirname(nodePath) === KUBELET_UNIT_ADDITIONS
  if (isIn('/etc/systemd/system') && !isUnit) return 'is the unit of something else than the kubelet'
  return nodePath === MEMBER_UNIT_ADDITION ? 'is written by the lab itself' : undefined
}
