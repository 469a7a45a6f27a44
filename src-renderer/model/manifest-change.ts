/** What was done to files in manifest folders, as data that can be turned round: the memory behind Undo. Pure. */

/** One file of one node. Absent content: there was, or is, no such file. */
export interface ManifestChange {
  lab: string
  node: string
  name: string
  before?: string
  after?: string
}

/** The last one first, so that what was copied and then removed is back before its copy goes. */
export function invertChanges(changes: readonly ManifestChange[]): ManifestChange[] {
  return changes.toReversed().map(({ lab, node, name, before, after }) => ({
    lab,
    node,
    name,
    ...(after !== undefined && { before: after }),
    ...(before !== undefined && { after: before }),
  }))
}
