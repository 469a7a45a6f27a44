/** The busybox image: Debian's static busybox with a link for each of its commands. */
import { readPackages } from '../debian/read-packages.ts'
import { FileTree } from '../file-tree.ts'
import { type ImageRecipe, type LayerContent, type LayerContext, upstreamVersion } from './recipe.ts'
import { addAccounts, copyCopyrights, listApplets } from './small-parts.ts'

async function makeBusybox(context: LayerContext): Promise<LayerContent> {
  const packages = (await context.packages.fetch(['busybox-static', 'base-files'], context.onProgress)).filter(
    ({ name }) => name === 'busybox-static' || name === 'base-files',
  )
  const { tree, newest } = await readPackages(packages)
  const program = tree.read('usr/bin/busybox')
  if (program === undefined) throw new Error("Debian's busybox-static has no /usr/bin/busybox")
  const image = new FileTree()
  image.file('bin/busybox', program, 0o755)
  for (const applet of listApplets(program)) image.symlink(`bin/${applet}`, 'busybox')
  image.symlink('usr/bin/env', '../../bin/env')
  addAccounts(image, { passwd: ['www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin'] })
  image.folder('home')
  image.folder('var/www')
  image.folder('var/log')
  copyCopyrights(tree, image)
  const version = packages.find(({ name }) => name === 'busybox-static')?.version ?? ''
  return { tree: image, created: newest, version: upstreamVersion(version) }
}

export const busyboxRecipe: ImageRecipe = {
  name: 'busybox',
  layers: [{ name: 'busybox', description: 'busybox-static of Debian', inputs: 'busybox-static 2', make: makeBusybox }],
  settings: { command: ['sh'] },
}
