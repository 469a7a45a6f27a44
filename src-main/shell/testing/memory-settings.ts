/** Settings without a file. For tests of the shells. */
import { toDisposable, type Disposable } from '../../base/disposable.ts'
import { changeSettingsText, parseSettings } from '../../common/settings/parse-settings.ts'
import { defaultSettings, SETTING_NAMES } from '../../common/settings/settings.ts'
import type { SettingsChange, SettingsState } from '../../common/settings/settings.ts'
import type { SettingsStore } from '../settings/settings-store.ts'

export class MemorySettings implements SettingsStore {
  readonly listeners = new Set<(state: SettingsState) => void>()
  #text = ''

  get state(): SettingsState {
    const { values, problems } = parseSettings(this.#text)
    const settings = { ...defaultSettings('linux'), ...values }
    const chosen = SETTING_NAMES.filter((name) => values[name] !== undefined)
    return { settings, chosen, file: '/fake/home/settings.json', problems }
  }

  async read(): Promise<SettingsState> {
    return this.state
  }

  async write(change: SettingsChange): Promise<SettingsState> {
    this.#text = changeSettingsText(this.#text, change) ?? ''
    for (const listener of this.listeners) listener(this.state)
    return this.state
  }

  onChange(listener: (state: SettingsState) => void): Disposable {
    this.listeners.add(listener)
    return toDisposable(() => void this.listeners.delete(listener))
  }
}
