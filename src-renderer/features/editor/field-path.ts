/** Paths of fields as the kubelet's messages write them, and as lists of keys and indices. Pure. */

/** Keys of maps and indices of lists, from the outermost in. */
export type FieldPath = readonly (string | number)[]

/** `['spec', 'containers', 0]` → `spec.containers[0]`. */
export function formatFieldPath(path: FieldPath): string {
  let text = ''
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`
    else if (/[.[\]]/.test(part)) text += `[${part}]`
    else text += text === '' ? part : `.${part}`
  }
  return text
}

/** The way back. A key in brackets is an index when it is a number: which of both it is, the document knows. */
export function parseFieldPath(text: string): FieldPath {
  return (text.match(/[^.[\]]+|\[[^\]]*\]/g) ?? []).map((part) => {
    const key = part.startsWith('[') ? part.slice(1, -1) : part
    return part.startsWith('[') && /^\d+$/.test(key) ? Number(key) : key
  })
}

/** Whether `path` is `ancestor` or lies in it. */
export function isWithin(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(`${ancestor}.`) || path.startsWith(`${ancestor}[`)
}
