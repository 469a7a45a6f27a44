/** Finds in a layer, while it passes by, which packages it is made of and which licences it carries. */
import { extract } from 'tar-stream'
import { PACKAGE_RECORDS_PATH } from '../debian/package-records.ts'

export interface FoundPackages {
  /** Content of the image's list of packages; empty when the layer has none. */
  records: string
  /** Names of packages whose licence is in the image, as `/usr/share/doc/NAME/copyright`. */
  licences: string[]
}

const LICENCE = /^usr\/share\/doc\/([^/]+)\/copyright$/
/** Packages of one source may share the folder of one of them, by a link. */
const LICENCE_FOLDER = /^usr\/share\/doc\/([^/]+)$/

export class PackageCollector {
  readonly #archive = extract()
  readonly #done: Promise<FoundPackages>

  constructor() {
    this.#done = this.#read()
    // Told by `end`, which may come much later.
    this.#done.catch(() => undefined)
  }

  /** The uncompressed tarball, piece by piece. */
  write(chunk: Uint8Array): void {
    // What it holds back is small: entries are skipped as fast as they come.
    this.#archive.write(Buffer.from(chunk))
  }

  /** @throws Error when it was no tarball */
  async end(): Promise<FoundPackages> {
    this.#archive.end(undefined)
    return this.#done
  }

  async #read(): Promise<FoundPackages> {
    const found: FoundPackages = { records: '', licences: [] }
    for await (const entry of this.#archive) {
      const { name, type } = entry.header
      const licence = (type === 'symlink' ? LICENCE_FOLDER : LICENCE).exec(name)?.[1]
      if (licence !== undefined) found.licences.push(licence)
      if (name === PACKAGE_RECORDS_PATH) {
        const chunks: Uint8Array[] = []
        for await (const chunk of entry) chunks.push(chunk as Uint8Array)
        found.records = Buffer.concat(chunks).toString('utf8')
      } else entry.resume()
    }
    return found
  }
}
