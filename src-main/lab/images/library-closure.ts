/** A program with every shared library that it needs, out of a larger tree. */
import { readElfNeeds } from './elf.ts'
import { type FileTree, resolveLink } from './file-tree.ts'

const LIBRARY_FOLDERS = [/^usr\/lib\/[^/]+-linux-gnu\//, /^usr\/lib64\//, /^usr\/lib\//]

/**
 * Paths (links and what they point to) of the programs and their libraries.
 * @throws Error for a library that is not in the tree
 */
export function computeLibraryClosure(tree: FileTree, programs: string[]): string[] {
  const libraries = indexLibraries(tree)
  const found = new Set<string>()
  const queue = [...programs]
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path)) continue
    const entry = tree.get(path)
    if (entry === undefined) throw new Error(`${path} is in none of the packages`)
    found.add(path)
    if (entry.kind === 'symlink') queue.push(resolveLink(path, entry.target))
    if (entry.kind !== 'file') continue
    const needs = readElfNeeds(entry.content)
    if (needs.interpreter !== undefined) queue.push(needs.interpreter.slice(1))
    for (const name of needs.libraries) {
      const library = libraries.get(name)
      if (library === undefined) throw new Error(`${path} needs ${name}, which is in none of the packages`)
      queue.push(library)
    }
  }
  return [...found]
}

function indexLibraries(tree: FileTree): Map<string, string> {
  const index = new Map<string, string>()
  for (const path of tree.paths().sort()) {
    const name = path.slice(path.lastIndexOf('/') + 1)
    const isLibrary = LIBRARY_FOLDERS.some((folder) => folder.test(path)) && name.includes('.so')
    if (isLibrary && !index.has(name)) index.set(name, path)
  }
  return index
}
