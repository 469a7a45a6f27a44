/** The etcd image: Debian's etcd and etcdctl, and a shell to look around with; laid out as the image that kubeadm runs. */
import { readPackages } from '../debian/read-packages.ts'
import { FileTree } from '../file-tree.ts'
import { type ImageRecipe, type LayerContent, type LayerContext, upstreamVersion } from './recipe.ts'
import { copyCopyrights, copyPrograms, linkApplets } from './small-parts.ts'

async function makeEtcd(context: LayerContext): Promise<LayerContent> {
  const names = ['etcd-server', 'etcd-client', 'busybox-static', 'base-files']
  const packages = await context.packages.fetch(names, context.onProgress)
  const { tree, newest } = await readPackages(packages)
  const image = FileTree.merged()
  copyPrograms(tree, image, ['usr/bin/etcd', 'usr/bin/etcdctl'])
  linkApplets(tree, image)
  image.folder('var/lib/etcd', 0o700)
  image.folder('tmp', 0o1777)
  copyCopyrights(tree, image)
  const version = packages.find(({ name }) => name === 'etcd-server')?.version ?? ''
  return { tree: image, created: newest, version: upstreamVersion(version) }
}

export const etcdRecipe: ImageRecipe = {
  name: 'etcd',
  layers: [{ name: 'etcd', description: 'etcd and etcdctl of Debian, and busybox', inputs: 'etcd 1', make: makeEtcd }],
  settings: { command: ['etcd'], ports: [2379, 2380] },
}
