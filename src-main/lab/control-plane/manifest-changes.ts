/** Which of a control plane's manifests have to be written, beside those that are in its folder already. Pure. */
import {
  computeControlPlaneManifests,
  type ControlPlaneAddress,
  type ControlPlaneSettings,
} from './control-plane-manifests.ts'

/** Names in the manifest folder. */
export const CONTROL_PLANE_MANIFESTS = [
  'etcd.yaml',
  'kube-apiserver.yaml',
  'kube-controller-manager.yaml',
  'kube-scheduler.yaml',
]

/** By what the API server and etcd say where they can be reached. */
const ADVERTISED = /--advertise-(?:address=|client-urls=https:\/\/)(\d+\.\d+\.\d+\.\d+)\b/

export interface ManifestSituation {
  place: ControlPlaneAddress
  /** Of the lab; for manifests that are written anew. */
  settings: ControlPlaneSettings
  /** Texts by name. */
  there: Readonly<Record<string, string>>
  /** The node was told nothing yet, or has lost what it was told. */
  isFirst: boolean
}

/**
 * Name → text. The first time those that are missing; at all times those that are for another address of the node, with its
 * new one in the place of the old one. Everything else that is there is the learner's.
 */
export function computeManifestChanges({ place, settings, there, isFirst }: ManifestSituation): Record<string, string> {
  const changes: Record<string, string> = {}
  const wanted = computeControlPlaneManifests(place, settings)
  for (const name of CONTROL_PLANE_MANIFESTS) {
    const present = there[name]
    if (present === undefined) {
      if (isFirst) changes[name] = wanted[name] ?? ''
      continue
    }
    const before = ADVERTISED.exec(present)?.[1]
    if (before !== undefined && before !== place.address) changes[name] = replaceAddress(present, before, place.address)
  }
  return changes
}

/** Of `10.0.0.1`, neither `10.0.0.11` nor `110.0.0.1` is a mention. */
function replaceAddress(text: string, before: string, after: string): string {
  const mention = new RegExp(`(?<![\\d.])${before.replaceAll('.', '\\.')}(?!\\.?\\d)`, 'g')
  return text.replace(mention, after)
}
