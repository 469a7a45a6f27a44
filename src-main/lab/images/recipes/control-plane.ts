/** The image of kube-apiserver, kube-controller-manager and kube-scheduler: three programs of ours over the node image's base. */
import type { FolderFile } from '../folder-files.ts'
import { nodeBaseLayer, overlayLayer, type NodeImageInputs } from './node.ts'
import type { ImageRecipe } from './recipe.ts'

/** Bundles with these names go into this image, and all others into the node image. */
export const CONTROL_PLANE_PROGRAM = /(^|\/)kube-[a-z-]+\.js$/

export interface ControlPlaneImageInputs extends Pick<NodeImageInputs, 'nodeProgram' | 'nodeVersion'> {
  /** What starts the programs, as `usr/bin/kube-apiserver`. */
  rootfs: FolderFile[]
  programs: FolderFile[]
}

export function controlPlaneRecipe(inputs: ControlPlaneImageInputs): ImageRecipe {
  return {
    name: 'control-plane',
    layers: [
      nodeBaseLayer(inputs),
      overlayLayer('control-plane-programs', 'the control plane of Node Lab', [...inputs.rootfs, ...inputs.programs]),
    ],
    settings: { environment: { LANG: 'C.UTF-8' }, ports: [6443] },
  }
}
