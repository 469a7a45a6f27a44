/** The nginx image: Debian's nginx with the libraries that it needs, laid out as the manifests of the world expect it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readPackages } from '../debian/read-packages.ts'
import { FileTree } from '../file-tree.ts'
import { type ImageRecipe, type LayerContent, type LayerContext, upstreamVersion } from './recipe.ts'
import { addAccounts, copyCopyrights, copyEntry, copyPrograms, linkApplets } from './small-parts.ts'

const PROGRAM = 'usr/sbin/nginx'
/** Of nginx-common: what the configuration includes. */
const CONFIGURATION_FILES = ['mime.types', 'fastcgi_params', 'proxy_params', 'scgi_params', 'uwsgi_params']

async function makeNginx(context: LayerContext, files: Record<string, string>): Promise<LayerContent> {
  const packages = await context.packages.fetch(['nginx', 'busybox-static', 'base-files'], context.onProgress)
  const { tree, newest } = await readPackages(packages)
  const image = FileTree.merged()
  copyPrograms(tree, image, [PROGRAM])
  for (const name of CONFIGURATION_FILES) copyEntry(tree, image, `etc/nginx/${name}`)
  linkApplets(tree, image)
  image.file('etc/nginx/nginx.conf', files['nginx.conf'] ?? '')
  image.file('etc/nginx/conf.d/default.conf', files['default.conf'] ?? '')
  image.file('usr/share/nginx/html/index.html', files['index.html'] ?? '')
  image.file('usr/share/nginx/html/50x.html', files['50x.html'] ?? '')
  image.symlink('var/log/nginx/access.log', '/dev/stdout')
  image.symlink('var/log/nginx/error.log', '/dev/stderr')
  image.folder('var/cache/nginx')
  image.folder('run')
  image.symlink('var/run', '/run')
  image.file('etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n')
  addAccounts(image, {
    passwd: ['nginx:x:101:101:nginx user:/nonexistent:/bin/false'],
    group: ['nginx:x:101:'],
  })
  // All of them: which package a library came from is not known any more, and a licence too many harms nobody.
  copyCopyrights(tree, image)
  const version = packages.find(({ name }) => name === 'nginx')?.version ?? ''
  return { tree: image, created: newest, version: upstreamVersion(version) }
}

export function nginxRecipe(resources: string): ImageRecipe {
  const names = ['nginx.conf', 'default.conf', 'index.html', '50x.html']
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(resources, 'nginx', name), 'utf8')]))
  return {
    name: 'nginx',
    layers: [
      {
        name: 'nginx',
        description: 'nginx of Debian with its libraries, and busybox for a shell',
        inputs: JSON.stringify(['nginx 1', files]),
        make: (context) => makeNginx(context, files),
      },
    ],
    settings: {
      command: ['nginx', '-g', 'daemon off;'],
      stopSignal: 'SIGQUIT',
      ports: [80],
    },
  }
}
