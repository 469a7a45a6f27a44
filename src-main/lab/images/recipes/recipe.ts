/** What an image is made of: named layers with their inputs, so that only what has changed is made again. */
import type { LabStep } from '../../../common/lab/lab-texts.ts'
import type { DebianPackages } from '../debian/debian-packages.ts'
import type { FileTree } from '../file-tree.ts'
import type { ImageSettings } from '../image-archive.ts'

export interface LayerContent {
  tree: FileTree
  /** Date of the layer: taken from its inputs, never from the clock. */
  created: Date
  /** Version of the program that the image is about. */
  version?: string
}

export interface LayerContext {
  packages: DebianPackages
  onProgress: (step: LabStep) => void
  /** Date of the layer below; the first one has none. */
  belowCreated: Date | undefined
}

export interface LayerRecipe {
  name: string
  /** For the image's history. */
  description: string
  /** Everything that the content depends on, as text; package versions are what the mirror has at that time. */
  inputs: string
  make(context: LayerContext): Promise<LayerContent>
}

export interface ImageRecipe {
  /** Last part of the image's repository. */
  name: string
  layers: LayerRecipe[]
  settings: Omit<ImageSettings, 'labels'>
}

/** Debian release that the images' programs come from. */
export const IMAGE_SUITE = 'trixie'

/** Version of a Debian package without epoch and revision: `1:1.37.0-6+b9` → `1.37.0`. */
export function upstreamVersion(version: string): string {
  return version
    .replace(/^\d+:/, '')
    .replace(/-[^-]*$/, '')
    .replace(/[+~].*$/, '')
}
