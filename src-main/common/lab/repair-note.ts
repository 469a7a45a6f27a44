/** What had been removed behind a lab's back and was made anew by its start, and what of it could not be brought back. */

export type RepairNote =
  /** A node's disk: nothing that was on it comes back. */
  | { kind: 'volume'; node: string }
  /** Its containers; what they were is on the node's disk and in its manifests. */
  | { kind: 'containers'; node: string }
  /** Its folder of manifests, empty now. `versions`: how many files the lab's history has a version of. */
  | { kind: 'manifests'; node: string; versions: number }
  | { kind: 'network' }
  /** Those that Node Lab brings along. */
  | { kind: 'images' }
  /** One that manifests ask for and that Node Lab does not bring along: it is pulled, or has to be loaded again. */
  | { kind: 'image'; image: string }
  /** Certificates of the cluster: new ones were made. */
  | { kind: 'authorities' }
  /** `lab.yaml`, written anew from what the engine has. */
  | { kind: 'lab-file'; nodes: string[]; controlPlane: 'kept' | 'lost' | 'none' }

/** Whether something is lost for good. */
export function isLoss(note: RepairNote): boolean {
  switch (note.kind) {
    case 'volume':
    case 'manifests':
    case 'image':
    case 'authorities':
      return true
    case 'lab-file':
      return note.controlPlane === 'lost'
    case 'containers':
    case 'network':
    case 'images':
      return false
  }
}

/** One sentence in English. */
export function describeRepair(note: RepairNote): string {
  switch (note.kind) {
    case 'volume':
      return `the volume of ${note.node} was gone: its logs, its journal, its settings, a moved manifest folder and the data of its pods could not be brought back; it has a new, empty one`
    case 'containers':
      return `the containers of ${note.node} were gone and were made anew; its disk is as it was`
    case 'manifests':
      return `the manifest folder of ${note.node} was gone: it is empty now; ${
        note.versions === 0 ? 'no version of its files was kept' : describeVersions(note.node, note.versions)
      }`
    case 'network':
      return 'the network of the lab was gone and was made anew, with the same addresses'
    case 'images':
      return 'the images of Node Lab were gone and were loaded again'
    case 'image':
      return `the image ${note.image} is not here any more and is none that Node Lab brings along: it is pulled when this machine is online, or has to be loaded again`
    case 'authorities':
      return 'the certificate authorities of the cluster were gone: new ones were made, so kubeconfigs and tokens from before are not accepted any more'
    case 'lab-file':
      return `lab.yaml was gone: it was written anew for the nodes that the engine has (${note.nodes.join(', ')})${describeControlPlane(note.controlPlane)}`
  }
}

function describeVersions(node: string, versions: number): string {
  const files = versions === 1 ? 'one file is' : `${versions} files are`
  return `versions of ${files} in the lab's history: node-lab history ${node}`
}

function describeControlPlane(state: 'kept' | 'lost' | 'none'): string {
  switch (state) {
    case 'kept':
      return ', and with its control plane'
    case 'lost':
      return '; its control plane could not be brought back, since its certificates were in that folder'
    case 'none':
      return ''
  }
}
