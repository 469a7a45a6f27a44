/**
 * Which packages an image is made of, written into the image itself: whoever passes it on has to be able to offer the
 * sources of exactly these versions.
 */
import type { FileTree } from '../file-tree.ts'
import type { DebianPackage } from './debian-packages.ts'
import { runProgram } from './run-program.ts'

export interface PackageRecord {
  name: string
  version: string
  /** Name of the source package, or where the source is. */
  source: string
  sourceVersion: string
}

/** In every image that has packages in it; lines of a `PackageRecord`, its fields separated by tabs. */
export const PACKAGE_RECORDS_PATH = 'usr/share/doc/node-lab/packages.tsv'

const FIELDS = '${Package}\\t${Version}\\t${source:Package}\\t${source:Version}\\n'

/** @throws Unavailable when a package cannot be read */
export async function readPackageRecords(packages: readonly DebianPackage[]): Promise<PackageRecord[]> {
  const records: PackageRecord[] = []
  for (const { path } of packages)
    records.push(...parsePackageRecords(await runProgram('dpkg-deb', ['--show', `--showformat=${FIELDS}`, path])))
  return records
}

/** Adds a line to the image's list. */
export function addPackageRecord(tree: FileTree, record: PackageRecord): void {
  const present = Buffer.from(tree.read(PACKAGE_RECORDS_PATH) ?? []).toString()
  const line = [record.name, record.version, record.source, record.sourceVersion].join('\t')
  tree.file(PACKAGE_RECORDS_PATH, `${present}${line}\n`)
}

/** Lines that have another form are left out. */
export function parsePackageRecords(text: string): PackageRecord[] {
  return text.split('\n').flatMap((line) => {
    const [name, version, source, sourceVersion, more] = line.split('\t')
    if (name === undefined || version === undefined || source === undefined || sourceVersion === undefined) return []
    return more === undefined ? [{ name, version, source, sourceVersion }] : []
  })
}
