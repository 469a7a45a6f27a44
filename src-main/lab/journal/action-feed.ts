/** Tells of actions as they are recorded, by this process or another one: the folders of the journals are watched. */
import { existsSync, watch as watchFolder, type FSWatcher } from 'node:fs'
import type { Timer } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { UserAction } from '../../common/lab/user-action.ts'
import type { LabContext } from '../lab-context.ts'

/** A write is two or three changes of the folder. */
const SETTLE_MS = 30

interface FollowedLab {
  watcher: FSWatcher | undefined
  timer: Timer | undefined
  /** By id, as they were told. */
  told: Map<string, string>
}

export class ActionFeed implements Disposable {
  readonly #context: Pick<LabContext, 'clock' | 'logger' | 'store' | 'journal'>
  readonly #onAdded: (lab: string, actions: UserAction[]) => void
  readonly #labs = new Map<string, FollowedLab>()

  constructor(
    context: Pick<LabContext, 'clock' | 'logger' | 'store' | 'journal'>,
    onAdded: (lab: string, actions: UserAction[]) => void,
  ) {
    this.#context = context
    this.#onAdded = onAdded
  }

  /** All labs that there are now. Of a lab that is new here everything is told, so that nothing can fall between a list and the feed. */
  follow(labs: readonly string[]): void {
    for (const [lab, followed] of this.#labs) {
      if (labs.includes(lab)) continue
      stop(followed)
      this.#labs.delete(lab)
    }
    for (const lab of labs) {
      const followed = this.#labs.get(lab) ?? { watcher: undefined, timer: undefined, told: new Map() }
      this.#labs.set(lab, followed)
      followed.watcher ??= this.#watch(lab, followed)
      this.#schedule(lab, followed)
    }
  }

  /** Something was recorded by this process. */
  recorded(lab: string): void {
    const followed = this.#labs.get(lab)
    if (followed !== undefined) this.#schedule(lab, followed)
  }

  dispose(): void {
    for (const followed of this.#labs.values()) stop(followed)
    this.#labs.clear()
  }

  /** `undefined` while there is no journal yet; labs are read again and again. */
  #watch(lab: string, followed: FollowedLab): FSWatcher | undefined {
    const { store, logger } = this.#context
    try {
      const folder = store.layout.journal(lab)
      const watcher = watchFolder(folder, { persistent: false }, () => {
        // A folder that was removed tells of it, and of nothing more: another one of its name is another folder.
        if (!existsSync(folder)) {
          watcher.close()
          followed.watcher = undefined
        }
        this.#schedule(lab, followed)
      })
      watcher.on('error', (error) => {
        logger.warn('the journal of actions is not watched any more', { lab, error })
        watcher.close()
        followed.watcher = undefined
      })
      return watcher
    } catch (error) {
      logger.info('the journal of actions cannot be watched', { lab, error })
      return undefined
    }
  }

  #schedule(lab: string, followed: FollowedLab): void {
    if (this.#labs.get(lab) !== followed) return
    followed.timer ??= this.#context.clock.setTimer(SETTLE_MS, () => {
      followed.timer = undefined
      void this.#look(lab, followed)
    })
  }

  async #look(lab: string, followed: FollowedLab): Promise<void> {
    try {
      followed.watcher ??= this.#watch(lab, followed)
      const actions = await this.#context.journal.list(lab)
      if (this.#labs.get(lab) === followed) this.#tell(lab, followed, actions)
    } catch (error) {
      this.#context.logger.warn('the journal of actions cannot be read', { lab, error })
    }
  }

  #tell(lab: string, followed: FollowedLab, actions: readonly UserAction[]): void {
    const news = actions.filter((action) => followed.told.get(action.id) !== JSON.stringify(action))
    for (const action of news) followed.told.set(action.id, JSON.stringify(action))
    if (news.length > 0) this.#onAdded(lab, news)
  }
}

function stop(followed: FollowedLab): void {
  followed.watcher?.close()
  followed.timer?.cancel()
}
