/** The image of the sample agents, log-collector and node-monitor: scripts of ours over the busybox image. */
import { FileTree } from '../file-tree.ts'
import { type FolderFile, hashFiles } from '../folder-files.ts'
import { busyboxRecipe } from './busybox.ts'
import type { ImageRecipe } from './recipe.ts'

/** @param rootfs files as `usr/bin/log-collector` */
export function agentsRecipe(rootfs: FolderFile[]): ImageRecipe {
  return {
    name: 'agents',
    layers: [
      ...busyboxRecipe.layers,
      {
        name: 'agents',
        description: 'the sample agents of Node Lab',
        inputs: `1 ${hashFiles(rootfs)}`,
        make: ({ belowCreated }) =>
          Promise.resolve({ tree: computeTree(rootfs), created: belowCreated ?? new Date(0) }),
      },
    ],
    settings: {},
  }
}

/** Not one of a Debian: `bin` is a folder of the busybox image, and a link in its place would hide the commands in it. */
function computeTree(files: FolderFile[]): FileTree {
  const tree = new FileTree()
  for (const file of files) if ('content' in file) tree.file(file.path, file.content, file.executable ? 0o755 : 0o644)
  return tree
}
