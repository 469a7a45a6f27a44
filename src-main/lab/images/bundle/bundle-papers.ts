/** What a bundle says to people: which packages are in its images, and how to come by their sources. */
import { parsePackageRecords } from '../debian/package-records.ts'
import { IMAGE_SUITE } from '../recipes/recipe.ts'
import type { FoundPackages } from './package-collector.ts'

const HEADER = ['image', 'architecture', 'package', 'version', 'source', 'source version', 'licence in the image']

/** A table with tabs, a line for each package of each image. */
export function computePackagesTable(
  images: readonly { name: string; architecture: string; layers: readonly { packages: FoundPackages }[] }[],
): string {
  const lines = images.flatMap(({ name, architecture, layers }) =>
    layers.flatMap(({ packages }) => {
      const licences = new Set(packages.licences)
      return parsePackageRecords(packages.records).map((record) =>
        [
          name,
          architecture,
          record.name,
          record.version,
          record.source,
          record.sourceVersion,
          licences.has(record.name) ? `/usr/share/doc/${record.name}/copyright` : '',
        ].join('\t'),
      )
    }),
  )
  return mergePackagesTables([[HEADER.join('\t'), ...lines].join('\n')])
}

/** Tables of several bundles as one. */
export function mergePackagesTables(tables: readonly string[]): string {
  const header = HEADER.join('\t')
  const lines = new Set(tables.flatMap((table) => table.split('\n')).filter((line) => line !== '' && line !== header))
  return `${[header, ...[...lines].sort()].join('\n')}\n`
}

export function computeSourcesText(): string {
  return `# Sources and licences

The images of this bundle contain programs of Debian ${IMAGE_SUITE}, Node.js, and programs of Node Lab (Apache License 2.0).
PACKAGES.tsv lists every package with its version, its source package and that one's version.

* **Licences** are inside of the images: \`/usr/share/doc/PACKAGE/copyright\`, and the texts that those refer to in
  \`/usr/share/common-licenses\`.
* **Sources of Debian's packages**, of exactly these versions: \`apt-get source SOURCE=VERSION\` with a \`deb-src\` line for
  ${IMAGE_SUITE}, or https://snapshot.debian.org/package/SOURCE/VERSION/, which keeps all versions that there ever were.
* **Source of Node.js**: https://nodejs.org/dist/vVERSION/.
* **Sources of Node Lab's programs** are Node Lab's own; what of npm is bundled into them is named, with versions and
  addresses, in its \`package-lock.json\`.

Whoever passes this bundle on passes on programs under the GNU General Public License, too, and has to offer these sources
along with it: for three years, to everyone who has the bundle, at no more than the cost of copying them.
`
}
