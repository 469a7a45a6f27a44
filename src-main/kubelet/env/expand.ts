/** `$(VAR)` references in commands, arguments and values (facts 2.16.1). */
import type { EnvVar } from '../../common/api/core.ts'

/**
 * Replaces `$(NAME)` by its value; `$$` is a literal `$`, so `$$(NAME)` is left as `$(NAME)`. A reference to an unknown
 * name and an unclosed `$(` stay as they are.
 */
export function expandReferences(text: string, valueOf: (name: string) => string | undefined): string {
  let expanded = ''
  let at = 0
  while (at < text.length) {
    const dollar = text.indexOf('$', at)
    if (dollar < 0) break
    expanded += text.slice(at, dollar)
    const next = text[dollar + 1]
    const close = next === '(' ? text.indexOf(')', dollar + 2) : -1
    if (next === '$') {
      expanded += '$'
      at = dollar + 2
    } else if (close > 0) {
      const name = text.slice(dollar + 2, close)
      expanded += valueOf(name) ?? `$(${name})`
      at = close + 1
    } else {
      expanded += '$'
      at = dollar + 1
    }
  }
  return expanded + text.slice(at)
}

/**
 * Words of a probe's command, whose references see the values that the manifest writes out and nothing else: a variable with
 * `valueFrom` is empty there (facts 2.13.8).
 */
export function expandStatically(words: readonly string[], variables: readonly EnvVar[] = []): string[] {
  const values = new Map(variables.map(({ name, value = '' }) => [name, value]))
  return words.map((word) => expandReferences(word, (name) => values.get(name)))
}
