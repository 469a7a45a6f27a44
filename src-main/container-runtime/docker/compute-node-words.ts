/** The engine's errors in words that make sense on a node: it names its own folders, a learner knows the node's paths only. */

/** What the engine says of a sub-path that a link leads out of the volume. */
const ESCAPE = /path concatenation escapes the base directory, base: \S*, subpath: (\S+)/g

/** Pure. Paths within the node's volume become the node's; every other text stays as it is. */
export function computeNodeWords(volume: string, message: string): string {
  const marker = `/volumes/${volume}/_data`
  return message
    .replace(
      ESCAPE,
      (_all, subpath: string) => `"/${subpath}" leads out of the node's volume: such links are not followed`,
    )
    .replace(/\/[^\s:,"]*/g, (path) => {
      const at = path.indexOf(marker)
      return at < 0 ? path : path.slice(at + marker.length) || '/'
    })
}
