import { describe, expect, it } from 'vitest'
import { FileTree, resolveLink } from './file-tree.ts'

describe('FileTree', () => {
  it('given a merged tree, then old paths land in usr and the links stay', () => {
    const tree = FileTree.merged()
    tree.folder('bin')
    tree.file('./bin/sh', 'x', 0o755)
    expect(tree.get('usr/bin/sh')).toMatchObject({ kind: 'file', mode: 0o755 })
    expect(tree.get('bin')).toEqual({ kind: 'symlink', target: 'usr/bin' })
  })

  it('given files, then entries are sorted and every parent comes before its children', () => {
    const tree = new FileTree()
    tree.file('b/c/d', 'x')
    tree.file('a', 'x')
    expect(tree.entries().map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      'file a',
      'folder b',
      'folder b/c',
      'file b/c/d',
    ])
  })

  it('given a chain of links, then the file at its end is read, and a loop has none', () => {
    const tree = new FileTree()
    tree.file('usr/lib/libx.so.1.2', 'library')
    tree.symlink('usr/lib/libx.so.1', 'libx.so.1.2')
    tree.symlink('libx', '/usr/lib/libx.so.1')
    tree.symlink('loop', 'loop')
    expect(Buffer.from(tree.read('libx') ?? []).toString()).toBe('library')
    expect(tree.read('loop')).toBeUndefined()
  })
})

it.each([
  ['usr/bin/vi', 'vim.tiny', 'usr/bin/vim.tiny'],
  ['usr/bin/x', '../lib/y', 'usr/lib/y'],
  ['a', '/etc/b', 'etc/b'],
  ['a', '../../../etc', 'etc'],
])('given a link %s to %s, then it points to %s', (path, target, expected) => {
  expect(resolveLink(path, target)).toBe(expected)
})
