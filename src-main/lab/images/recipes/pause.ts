/** The pause image: holds a pod's namespaces, reaps orphans, and ends at once on TERM. */
import { readPackages } from '../debian/read-packages.ts'
import { FileTree } from '../file-tree.ts'
import { type ImageRecipe, type LayerContent, type LayerContext, upstreamVersion } from './recipe.ts'
import { copyCopyrights } from './small-parts.ts'

async function makePause(context: LayerContext): Promise<LayerContent> {
  const packages = (await context.packages.fetch(['catatonit', 'base-files'], context.onProgress)).filter(
    ({ name }) => name === 'catatonit' || name === 'base-files',
  )
  const { tree, newest } = await readPackages(packages)
  const program = tree.read('usr/bin/catatonit')
  if (program === undefined) throw new Error("Debian's catatonit has no /usr/bin/catatonit")
  const image = new FileTree()
  image.file('pause', program, 0o755)
  copyCopyrights(tree, image)
  const version = packages.find(({ name }) => name === 'catatonit')?.version ?? ''
  return { tree: image, created: newest, version: upstreamVersion(version) }
}

export const pauseRecipe: ImageRecipe = {
  name: 'pause',
  layers: [{ name: 'pause', description: 'catatonit of Debian as /pause', inputs: 'catatonit 1', make: makePause }],
  // The user of upstream's pause image; a sandbox needs no rights.
  settings: { entrypoint: ['/pause', '-P'], user: '65535:65535' },
}
