/** hostPath volumes: the node's own files, with the checks that their type asks for (facts 2.17.2). */
import { closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import type { Stats } from 'node:fs'
import type { HostPathType } from '../../common/api/core.ts'
import { errorDescription } from '../runtime/describe-error.ts'

/** Answers the message of a failed mount, or `undefined`; makes what `DirectoryOrCreate` and `FileOrCreate` ask for. */
export function prepareHostPath(path: string, type: HostPathType): string | undefined {
  if (path.split('/').includes('..')) return `invalid HostPath \`${path}\`: must not contain '..'`
  switch (type) {
    case '':
      return undefined
    case 'DirectoryOrCreate':
      return createUnlessPresent(path, () => mkdirSync(path, { recursive: true, mode: 0o755 })) ?? check(path, type)
    case 'FileOrCreate':
      return createUnlessPresent(path, () => closeSync(openSync(path, 'a', 0o644))) ?? check(path, type)
    case 'Directory':
    case 'File':
    case 'Socket':
    case 'CharDevice':
    case 'BlockDevice':
      return check(path, type)
  }
}

const EXPECTED: Readonly<Record<Exclude<HostPathType, ''>, { test: (stats: Stats) => boolean; words: string }>> = {
  Directory: { test: (stats) => stats.isDirectory(), words: 'a directory' },
  DirectoryOrCreate: { test: (stats) => stats.isDirectory(), words: 'a directory' },
  File: { test: (stats) => stats.isFile(), words: 'a file' },
  FileOrCreate: { test: (stats) => stats.isFile(), words: 'a file' },
  Socket: { test: (stats) => stats.isSocket(), words: 'a socket file' },
  CharDevice: { test: (stats) => stats.isCharacterDevice(), words: 'a character device' },
  BlockDevice: { test: (stats) => stats.isBlockDevice(), words: 'a block device' },
}

function check(path: string, type: Exclude<HostPathType, ''>): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false })
  const { test, words } = EXPECTED[type]
  return stats !== undefined && test(stats) ? undefined : `hostPath type check failed: ${path} is not ${words}`
}

function createUnlessPresent(path: string, create: () => void): string | undefined {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return undefined
  try {
    create()
    return undefined
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return missing ? `open ${path}: no such file or directory` : errorDescription(error)
  }
}
