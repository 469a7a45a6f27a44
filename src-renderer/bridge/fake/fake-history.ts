/** Versions of one node's manifests, in memory. */
import { LabError } from '@common/lab-error.ts'
import type { ManifestAuthor, ManifestVersion } from '@common/lab/manifest-version.ts'

export class FakeHistory {
  readonly #versions: (ManifestVersion & { content?: string })[] = []

  /** Without content: the file went. What is as it was is no version. */
  record(name: string, content: string | undefined, by: ManifestAuthor): void {
    const last = this.#versions.findLast((one) => one.name === name)
    if (last?.content === content) return
    const time = new Date().toISOString()
    const version = `${time.replaceAll(/[-:.]/g, '')}-${this.#versions.length.toString(16).padStart(8, '0')}`
    const common = { name, version, time, by }
    this.#versions.push(
      content === undefined
        ? { ...common, bytes: 0, removed: true }
        : { ...common, bytes: new TextEncoder().encode(content).length, content },
    )
  }

  list(name: string | undefined): ManifestVersion[] {
    const ofFile = this.#versions.filter((one) => name === undefined || one.name === name)
    return ofFile.map(({ content: _content, ...version }) => version).toReversed()
  }

  content(name: string, version: string): string {
    const found = this.#versions.find((one) => one.name === name && one.version === version)
    if (found?.content === undefined) throw new LabError({ kind: 'NotFound', message: `There is no ${version}.` })
    return found.content
  }
}
