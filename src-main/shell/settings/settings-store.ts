/** The app's settings, as the shells use them. */
import type { Disposable } from '../../base/disposable.ts'
import type { SettingsChange, SettingsState } from '../../common/settings/settings.ts'

export interface SettingsStore {
  /** What counts, as last read. */
  readonly state: SettingsState
  /** Reads the file anew. */
  read(): Promise<SettingsState>
  /**
   * Writes the named settings, and answers what counts then. With `replaceBroken` a file that is no use is set aside first.
   * @throws LabError Conflict when the file is broken, Forbidden when it cannot be written
   */
  write(change: SettingsChange, replaceBroken?: boolean): Promise<SettingsState>
  onChange(listener: (state: SettingsState) => void): Disposable
}
