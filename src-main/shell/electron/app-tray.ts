/** The icon in the tray: how the labs are, a way back to the window, and the end of the app. */
import { join } from 'node:path'
import { Menu, nativeImage, Tray, type MenuItemConstructorOptions } from 'electron'
import type { Disposable } from '../../base/disposable.ts'
import type { LabStatus } from '../../common/lab/lab-status.ts'
import { computeTrayState, type TrayState } from './compute-tray-state.ts'
import type { DesktopTexts } from './desktop-texts.ts'

export interface TrayActions {
  show(): void
  openLab(lab: string): void
  quit(): void
}

export interface TrayOptions {
  /** Folder of `tray-<state>.png`, and of `tray-<state>Template.png` for macOS, each with an `@2x` beside it. */
  icons: string
  platform: NodeJS.Platform
  actions: TrayActions
}

export function computeTrayMenu(
  labs: readonly LabStatus[],
  texts: DesktopTexts,
  actions: TrayActions,
): MenuItemConstructorOptions[] {
  return [
    { label: texts.states[computeTrayState(labs)], enabled: false },
    ...labs.map(({ name }) => ({ label: name, click: () => actions.openLab(name) })),
    { type: 'separator' },
    { label: texts.show, click: () => actions.show() },
    { label: texts.quit, click: () => actions.quit() },
  ]
}

export class AppTray implements Disposable {
  readonly #tray: Tray
  readonly #options: TrayOptions
  #state: TrayState = 'idle'

  /** @throws when the desktop has no tray */
  constructor(options: TrayOptions) {
    this.#options = options
    this.#tray = new Tray(this.#icon())
    // On macOS a click opens the menu already.
    if (options.platform !== 'darwin') this.#tray.on('click', () => options.actions.show())
  }

  update(labs: readonly LabStatus[], texts: DesktopTexts): void {
    const state = computeTrayState(labs)
    if (state !== this.#state) {
      this.#state = state
      this.#tray.setImage(this.#icon())
    }
    this.#tray.setToolTip(`Node Lab: ${texts.states[state]}`)
    this.#tray.setContextMenu(Menu.buildFromTemplate(computeTrayMenu(labs, texts, this.#options.actions)))
  }

  dispose(): void {
    this.#tray.destroy()
  }

  #icon(): ReturnType<typeof nativeImage.createFromPath> {
    const { icons, platform } = this.#options
    const suffix = platform === 'darwin' ? 'Template' : ''
    return nativeImage.createFromPath(join(icons, `tray-${this.#state}${suffix}.png`))
  }
}
