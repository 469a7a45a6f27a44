/** Notices of changes in a folder. They are hints: what counts is read from the folder itself. */
import { watch } from 'node:fs'
import { decodeFileName } from '../../base/file-name-bytes.ts'
import { toDisposable } from '../../base/disposable.ts'
import type { Disposable } from '../../base/disposable.ts'

export interface FolderWatchListener {
  /**
   * An entry of this name came, went or changed; `undefined`: the system does not say which.
   * @param comesOrGoes it did not just change
   */
  onChange: (name: string | undefined, comesOrGoes: boolean) => void
  /** The watch has ended by itself: the folder is gone, or the system cannot watch any more. */
  onEnd: (error: Error | undefined) => void
}

/** @throws when the folder is not there or cannot be watched */
export type WatchFolder = (path: string, listener: FolderWatchListener) => Disposable

/** inotify, by way of Node.js. */
export const watchFolder: WatchFolder = (path, listener) => {
  // One character for each byte: the name may be in any encoding.
  const watcher = watch(path, { persistent: false, encoding: 'latin1' })
  watcher.on('change', (event, name) => {
    const decoded = name === null ? undefined : decodeFileName(Buffer.from(String(name), 'latin1'))
    listener.onChange(decoded, event === 'rename')
  })
  watcher.on('error', (error) => listener.onEnd(error))
  return toDisposable(() => watcher.close())
}
