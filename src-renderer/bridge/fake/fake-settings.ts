/** The settings file of the in-memory bridge. */
import { changeSettingsText, parseSettings } from '@common/settings/parse-settings.ts'
import { defaultSettings, SETTING_NAMES, type SettingsChange, type SettingsState } from '@common/settings/settings.ts'

export class FakeSettings {
  private text = ''
  private readonly onChange: (state: SettingsState) => void

  constructor(onChange: (state: SettingsState) => void) {
    this.onChange = onChange
  }

  get state(): SettingsState {
    const { values, problems } = parseSettings(this.text)
    const settings = { ...defaultSettings('linux'), ...values }
    const chosen = SETTING_NAMES.filter((name) => values[name] !== undefined)
    return { settings, chosen, file: '/home/learner/.local/share/node-lab/settings.json', problems }
  }

  write(change: SettingsChange): SettingsState {
    return this.edit(changeSettingsText(this.text, change) ?? this.text)
  }

  /** As if somebody had saved the file in an editor. */
  edit(text: string): SettingsState {
    this.text = text
    this.onChange(this.state)
    return this.state
  }
}
