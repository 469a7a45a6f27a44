/** Names of the volumes that a manifest defines, however unfinished it is. Pure. */
import { yamlLanguage } from '@codemirror/lang-yaml'
import { keyOf, pathOf } from './cursor-place.ts'

/** In the order of the text, each once. */
export function listMountableNames(text: string): string[] {
  const names = new Set<string>()
  yamlLanguage.parser.parse(text).iterate({
    enter: ({ name, node }) => {
      if (name !== 'Pair' || keyOf(node, text) !== 'name') return
      const path = pathOf(node, text)
      const value = node.lastChild
      if (path.length !== 3 || path[0] !== 'spec' || path[1] !== 'volumes' || value === null) return
      if (value.name === 'Literal' || value.name === 'QuotedLiteral')
        names.add(text.slice(value.from, value.to).replace(/^(["'])(.*)\1$/, '$2'))
    },
  })
  return [...names]
}
