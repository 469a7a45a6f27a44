/** A failed look at a file in the words of Go's os package. */

/** @param operation the system call that Go names */
export function describeReadError(error: unknown, path: string, operation: 'open' | 'lstat'): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return `${operation} ${path}: no such file or directory`
  if (code === 'EACCES') return `open ${path}: permission denied`
  if (code === 'EISDIR') return `read ${path}: is a directory`
  if (code === 'ENOTDIR') return `${operation} ${path}: not a directory`
  return error instanceof Error ? error.message : String(error)
}
