/** Rules for names that people give: labs, nodes, manifest files. Each function says what is wrong in one sentence, or nothing. */

/** Names become parts of engine names, host names and Kubernetes names; 40 leaves room for all of them. */
const MAX_NAME_LENGTH = 40
/** The limit of common file systems, in bytes of UTF-8. */
const MAX_FILE_NAME_BYTES = 255

/** What is wrong with a lab's name. */
export function labNameFault(name: string): string | undefined {
  return labelFault('A lab name', name)
}

/** What is wrong with a node's name, which is also its Kubernetes node name and its host name. */
export function nodeNameFault(name: string): string | undefined {
  return labelFault('A node name', name)
}

/**
 * What is wrong with the name of a file in a manifest folder. A name that begins with a dot is refused because a kubelet
 * never reads such a file (facts 1.2.2).
 */
export function manifestNameFault(name: string): string | undefined {
  if (name === '') return 'A file name cannot be empty'
  if (name.includes('/') || name.includes('\\')) return `A file name cannot contain a slash: ${JSON.stringify(name)}`
  if (name.startsWith('.')) return `A kubelet does not read files whose name begins with a dot: ${JSON.stringify(name)}`
  if (hasControlCharacter(name)) return `A file name cannot contain control characters: ${JSON.stringify(name)}`
  if (!name.isWellFormed()) return 'A file name has to be correct Unicode'
  if (utf8Length(name) > MAX_FILE_NAME_BYTES) return `A file name can have at most ${MAX_FILE_NAME_BYTES} bytes`
  return undefined
}

/** Number of bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}

function labelFault(what: string, name: string): string | undefined {
  if (name === '') return `${what} cannot be empty`
  if (name.length > MAX_NAME_LENGTH) return `${what} can have at most ${MAX_NAME_LENGTH} characters`
  if (/^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(name)) return undefined
  return `${what} consists of lower case letters, digits and "-", and begins and ends with a letter or digit: ${JSON.stringify(name)}`
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => {
    const code = character.codePointAt(0) ?? 0
    return code < 0x20 || (code >= 0x7f && code < 0xa0)
  })
}
