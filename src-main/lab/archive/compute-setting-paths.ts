/** Which files of a node are its settings: those of the kubelet, and what these name. Pure. */
import { posix } from 'node:path'
import { parseDocument } from 'yaml'
import { KUBELET_CONFIGURATION, KUBELET_FLAGS } from '../../common/node-layout.ts'
import { nodeSettingFault } from './archive-entry.ts'

/** Files, and folders of which the files in them count. */
export const FIXED_SETTING_PATHS = [
  KUBELET_CONFIGURATION,
  KUBELET_FLAGS,
  '/etc/default/kubelet',
  '/etc/systemd/system/kubelet.service',
  '/etc/systemd/system/kubelet.service.d',
] as const

/** What a kubelet can be told to read by its flags: its configuration, and static pods. */
const PATH_FLAG = /--(?:config|config-dir|pod-manifest-path)(?:=|\s+)["']?(\/[^\s"'\\]+)/g

/** Further paths that settings name, such as a moved folder of static pods; those that an archive cannot bring along are not among them. */
export function computeNamedPaths(files: ReadonlyMap<string, Buffer>): string[] {
  const named = [...files.values()].flatMap((content) => {
    const text = content.toString('utf8')
    const flags = [...text.matchAll(PATH_FLAG)].map(([, path]) => path ?? '')
    return [...flags, ...readStaticPodPath(text)]
  })
  const paths = named.map((path) => path.replace(/(.)\/+$/, '$1')).filter((path) => isCarried(path) && !files.has(path))
  return [...new Set(paths)]
}

/** @returns whether a path of the node is one of its settings, or is named by one of `files`, or lies in a folder that is */
export function settingJudge(files: ReadonlyMap<string, Buffer>): (path: string) => boolean {
  const named = computeNamedPaths(new Map([...files].filter(([place]) => isFixed(place))))
  return (path) => isFixed(path) || named.includes(path) || named.includes(posix.dirname(path))
}

function isFixed(path: string): boolean {
  return FIXED_SETTING_PATHS.some((fixed) => fixed === path || (fixed.endsWith('.d') && fixed === posix.dirname(path)))
}

function isCarried(path: string): boolean {
  return nodeSettingFault(path) === undefined && !FIXED_SETTING_PATHS.some((fixed) => fixed === path)
}

function readStaticPodPath(text: string): string[] {
  const match = /^\s*["']?staticPodPath["']?\s*:/m.test(text) ? parseDocument(text).get('staticPodPath') : undefined
  return typeof match === 'string' ? [match] : []
}

/** The kubelet's configuration without what it would send along when it fetches static pods from elsewhere. */
export function withoutHeaders(text: string): string {
  if (!text.includes('staticPodURLHeader')) return text
  const document = parseDocument(text)
  document.delete('staticPodURLHeader')
  return document.toString({ lineWidth: 0 })
}
