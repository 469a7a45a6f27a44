/** What surrounds the window: menu bar, tray and notifications, always as the settings and the labs are now. */
import { app, Menu, nativeTheme, Notification } from 'electron'
import type { Clock } from '../../base/clock.ts'
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import type { LinkRequest } from '../../common/ipc/app-link.ts'
import type { LabStatus } from '../../common/lab/lab-status.ts'
import { HIGHEST_ZOOM_LEVEL, LOWEST_ZOOM_LEVEL, resolveLocale, type Settings } from '../../common/settings/settings.ts'
import type { AppBackend, AppEvent } from '../app/app-backend.ts'
import type { SettingsStore } from '../settings/settings-store.ts'
import { computeAppMenu } from './app-menu.ts'
import { AppTray } from './app-tray.ts'
import { DESKTOP_TEXTS, type DesktopTexts } from './desktop-texts.ts'
import { NoticeLimit, NoticeWatch, type Notice } from './notices.ts'

export interface DesktopOptions {
  backend: Pick<AppBackend, 'onEvent'>
  listLabs(): Promise<LabStatus[]>
  settings: SettingsStore
  clock: Clock
  logger: Logger
  /** Folder of the tray's icons. */
  icons: string
  /** Brings the window to the front, made anew if need be, and has it open what is asked for. */
  show(request?: LinkRequest): void
  /** Whether somebody can see the window now. */
  isWindowVisible(): boolean
}

export class Desktop implements Disposable {
  readonly #options: DesktopOptions
  readonly #owned = new DisposableStore()
  readonly #labs = new Map<string, LabStatus>()
  readonly #notices = new NoticeWatch()
  readonly #limit = new NoticeLimit()
  /** A notification that nobody holds is collected, and its click is lost. */
  readonly #shown = new Set<Notification>()
  #tray: AppTray | undefined
  #menuLanguage: string | undefined

  constructor(options: DesktopOptions) {
    this.#options = options
    this.#owned.add(options.backend.onEvent((event) => this.#onEvent(event)))
    this.#apply(options.settings.state.settings)
    options.listLabs().then(
      (labs) => {
        for (const lab of labs) this.#labs.set(lab.name, this.#labs.get(lab.name) ?? lab)
        this.#updateTray()
      },
      // The events of the watch bring them as well, later.
      (error: unknown) => options.logger.warn('The labs could not be listed for the tray', { error }),
    )
  }

  get texts(): DesktopTexts {
    return DESKTOP_TEXTS[resolveLocale(this.#options.settings.state.settings.locale, app.getLocale())]
  }

  /** Whether closing the window leaves something from which it can be opened again. */
  get staysInTray(): boolean {
    return this.#tray !== undefined && this.#options.settings.state.settings.closeToTray
  }

  async dispose(): Promise<void> {
    await this.#owned.dispose()
    this.#tray?.dispose()
    this.#tray = undefined
    for (const notification of this.#shown) notification.close()
  }

  #onEvent(event: AppEvent): void {
    if (event.name === 'settings/changed') this.#apply(event.payload.settings)
    if (event.name === 'lab/changed') this.#labs.set(event.payload.name, event.payload)
    if (event.name === 'lab/gone') this.#labs.delete(event.payload.lab)
    if (event.name === 'lab/changed' || event.name === 'lab/gone') this.#updateTray()
    const nowMs = this.#options.clock.now()
    for (const notice of this.#notices.observe(event, nowMs)) {
      const isWanted = this.#options.settings.state.settings.notifications && !this.#options.isWindowVisible()
      if (isWanted && this.#limit.admit(notice.key, nowMs)) this.#notify(notice)
    }
  }

  #apply({ theme, tray }: Settings): void {
    nativeTheme.themeSource = theme === 'contrast' ? 'system' : theme
    const language = this.texts.menus.file
    if (language !== this.#menuLanguage) {
      this.#menuLanguage = language
      const actions = {
        open: (place: Parameters<Parameters<typeof computeAppMenu>[2]['open']>[0]) =>
          this.#options.show({ kind: 'place', place }),
        zoom: (step: 1 | 0 | -1) => this.#zoom(step),
      }
      Menu.setApplicationMenu(Menu.buildFromTemplate(computeAppMenu(process.platform, this.texts, actions)))
    }
    if (tray) this.#tray ??= this.#makeTray()
    else {
      this.#tray?.dispose()
      this.#tray = undefined
    }
    this.#updateTray()
  }

  #makeTray(): AppTray | undefined {
    const { icons, show, logger } = this.#options
    try {
      return new AppTray({
        icons,
        platform: process.platform,
        actions: {
          show: () => show(),
          openLab: (lab) => show({ kind: 'link', link: { page: 'lab', lab } }),
          quit: () => app.quit(),
        },
      })
    } catch (error) {
      // The window then closes as if the tray had been switched off.
      logger.warn('This desktop has no tray', { error })
      return undefined
    }
  }

  #updateTray(): void {
    const labs = [...this.#labs.values()].toSorted((one, other) => one.name.localeCompare(other.name))
    this.#tray?.update(labs, this.texts)
  }

  #zoom(step: 1 | 0 | -1): void {
    const { settings } = this.#options
    const level = step === 0 ? 0 : settings.state.settings.zoomLevel + step
    const zoomLevel = Math.min(HIGHEST_ZOOM_LEVEL, Math.max(LOWEST_ZOOM_LEVEL, level))
    settings.write({ zoomLevel }).catch((error: unknown) => {
      this.#options.logger.warn('The size of the window could not be kept', { error })
    })
  }

  #notify(notice: Notice): void {
    if (!Notification.isSupported()) return
    const notification = new Notification(withoutMarkup(describeNotice(notice, this.texts)))
    this.#shown.add(notification)
    notification.on('click', () => this.#options.show({ kind: 'link', link: notice.link }))
    notification.on('close', () => void this.#shown.delete(notification))
    notification.show()
  }
}

function describeNotice(notice: Notice, texts: DesktopTexts): { title: string; body: string } {
  switch (notice.kind) {
    case 'crash-loop':
      return texts.crashLoop(notice.pod, notice.node)
    case 'node-not-ready':
      return texts.nodeNotReady(notice.node, notice.lab)
    case 'task-ended':
      return texts.taskEnded(texts.tasks[notice.task] ?? notice.task, notice.subject, notice.failure)
  }
}

/** Desktops of Linux read the body as markup: what an engine or a pod says must not become a link there. */
function withoutMarkup({ title, body }: { title: string; body: string }): { title: string; body: string } {
  return { title, body: body.replaceAll('<', '\u2039').replaceAll('>', '\u203A').replaceAll('&', '+') }
}
