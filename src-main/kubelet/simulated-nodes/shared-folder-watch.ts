/** One watch of a folder for all kubelets of this process: the system has a limit on watches, and 200 would be told the same. */
import { toDisposable } from '../../base/disposable.ts'
import type { Disposable } from '../../base/disposable.ts'
import { watchFolder, type FolderWatchListener, type WatchFolder } from '../config/folder-watch.ts'

/** @param watch what really watches */
export function shareFolderWatch(watch: WatchFolder = watchFolder): WatchFolder {
  const shared = new Map<string, { listeners: Set<FolderWatchListener>; source: Disposable }>()
  return (path, listener) => {
    const present = shared.get(path)
    const listeners = present?.listeners ?? new Set()
    const tell = (say: (one: FolderWatchListener) => void): void => {
      for (const one of [...listeners]) say(one)
    }
    if (present === undefined) {
      const source = watch(path, {
        onChange: (name, comesOrGoes) => tell((one) => one.onChange(name, comesOrGoes)),
        onEnd: (error) => {
          shared.delete(path)
          tell((one) => one.onEnd(error))
        },
      })
      shared.set(path, { listeners, source })
    }
    listeners.add(listener)
    return toDisposable(async () => {
      listeners.delete(listener)
      const current = shared.get(path)
      if (listeners.size > 0 || current?.listeners !== listeners) return
      shared.delete(path)
      await current.source.dispose()
    })
  }
}
