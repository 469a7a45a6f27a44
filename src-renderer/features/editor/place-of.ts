/** What an address of the editor's pages names. Pure. */
import type { RouteParams } from 'vue-router'
import type { ManifestFile } from './use-manifest-draft.ts'

/** Parts that the address does not have are empty: the lab says that there is no such thing. */
export function placeOf(params: RouteParams): ManifestFile {
  const text = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '')
  return { lab: text(params['lab']), node: text(params['node']), file: text(params['file']) }
}
