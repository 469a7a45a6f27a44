/**
 * The pause image: holds a pod's namespaces, reaps orphans, and ends at once on TERM. Its busybox is run by PortForward,
 * which has to dial from inside of the pod's network.
 */
import { readPackages } from '../debian/read-packages.ts'
import { FileTree } from '../file-tree.ts'
import { type ImageRecipe, type LayerContent, type LayerContext, upstreamVersion } from './recipe.ts'
import { copyCopyrights } from './small-parts.ts'

async function makePause(context: LayerContext): Promise<LayerContent> {
  const names = ['catatonit', 'busybox-static', 'base-files']
  const packages = (await context.packages.fetch(names, context.onProgress)).filter(({ name }) => names.includes(name))
  const { tree, newest } = await readPackages(packages)
  const image = new FileTree()
  for (const [path, source] of Object.entries({ pause: 'usr/bin/catatonit', busybox: 'usr/bin/busybox' })) {
    const program = tree.read(source)
    if (program === undefined) throw new Error(`Debian's packages ${names.join(', ')} have no /${source}`)
    image.file(path, program, 0o755)
  }
  copyCopyrights(tree, image)
  const version = packages.find(({ name }) => name === 'catatonit')?.version ?? ''
  return { tree: image, created: newest, version: upstreamVersion(version) }
}

export const pauseRecipe: ImageRecipe = {
  name: 'pause',
  layers: [{ name: 'pause', description: 'catatonit and busybox of Debian', inputs: 'catatonit 2', make: makePause }],
  // The user of upstream's pause image; a sandbox needs no rights.
  settings: { entrypoint: ['/pause', '-P'], user: '65535:65535' },
}
