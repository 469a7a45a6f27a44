/** The app's settings: what there is, what each may be, and what counts when the file says nothing. */

export const THEMES = ['system', 'light', 'dark', 'contrast'] as const
export type Theme = (typeof THEMES)[number]
/** `system`: the system's language where Node Lab speaks it, else English. */
export const LOCALE_CHOICES = ['system', 'en', 'ko'] as const
export type LocaleChoice = (typeof LOCALE_CHOICES)[number]
export type Locale = Exclude<LocaleChoice, 'system'>
/** `system`: as the system says; `on`: no motion, whatever it says. */
export const REDUCED_MOTION_CHOICES = ['system', 'on'] as const
export type ReducedMotion = (typeof REDUCED_MOTION_CHOICES)[number]

export const LOWEST_ZOOM_LEVEL = -3
export const HIGHEST_ZOOM_LEVEL = 3

export interface Settings {
  theme: Theme
  locale: LocaleChoice
  /** 0 is the natural size; each step is a fifth more or less, as Electron counts. */
  zoomLevel: number
  /** Larger things and fewer of them, for projectors. */
  presenter: boolean
  reducedMotion: ReducedMotion
  /** Whether the app stays in the tray when its window is closed; without `tray` it always ends. */
  closeToTray: boolean
  tray: boolean
  /** The system's notifications of what happens while the window is hidden. */
  notifications: boolean
}

export type SettingName = keyof Settings

/** Which values a setting may have. */
export type SettingRule<Value> = [Value] extends [boolean]
  ? { kind: 'flag' }
  : [Value] extends [number]
    ? { kind: 'integer'; minimum: number; maximum: number }
    : { kind: 'choice'; choices: readonly Value[] }

export interface SettingDefinition {
  rule: SettingRule<boolean> | SettingRule<number> | SettingRule<string>
  /** One sentence, for the documentation and the JSON schema. */
  description: string
}

/** In the order in which people read them. */
export const SETTING_DEFINITIONS: Readonly<{
  [Name in SettingName]: { rule: SettingRule<Settings[Name]>; description: string }
}> = {
  theme: { rule: { kind: 'choice', choices: THEMES }, description: 'Colours of the window.' },
  locale: { rule: { kind: 'choice', choices: LOCALE_CHOICES }, description: 'Language of the window and its menus.' },
  zoomLevel: {
    rule: { kind: 'integer', minimum: LOWEST_ZOOM_LEVEL, maximum: HIGHEST_ZOOM_LEVEL },
    description: 'Size of everything in the window; each step is a fifth more or less.',
  },
  presenter: {
    rule: { kind: 'flag' },
    description: 'Presenter mode: larger things and fewer of them, for projectors.',
  },
  reducedMotion: {
    rule: { kind: 'choice', choices: REDUCED_MOTION_CHOICES },
    description: 'Whether things move: as the system says, or not at all.',
  },
  closeToTray: {
    rule: { kind: 'flag' },
    description: 'Closing the window leaves the app in the tray. Without a tray it ends.',
  },
  tray: { rule: { kind: 'flag' }, description: 'An icon in the tray that shows how the labs are.' },
  notifications: {
    rule: { kind: 'flag' },
    description: "The system's notifications of what happens while the window is hidden.",
  },
}

// The table has exactly the names of `Settings`, or it does not compile.
export const SETTING_NAMES = Object.keys(SETTING_DEFINITIONS) as readonly SettingName[]

/** What counts where the file says nothing. On Linux many desktops have no tray, so that closing ends the app there. */
export function defaultSettings(platform: string): Settings {
  return {
    theme: 'system',
    locale: 'system',
    zoomLevel: 0,
    presenter: false,
    reducedMotion: 'system',
    closeToTray: platform === 'darwin' || platform === 'win32',
    tray: true,
    notifications: true,
  }
}

/** The language that is shown; `systemLanguage` is a tag such as `ko-KR`. */
export function resolveLocale(choice: LocaleChoice, systemLanguage: string): Locale {
  if (choice !== 'system') return choice
  return systemLanguage.toLowerCase().startsWith('ko') ? 'ko' : 'en'
}

/** What is wrong with a value, as `has to be …`; nothing when it is right. */
export function settingFault(name: SettingName, value: unknown): string | undefined {
  const { rule }: SettingDefinition = SETTING_DEFINITIONS[name]
  switch (rule.kind) {
    case 'flag':
      return typeof value === 'boolean' ? undefined : 'has to be true or false'
    case 'integer': {
      const { minimum, maximum } = rule
      const isRight = typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum
      return isRight ? undefined : `has to be a whole number from ${minimum} to ${maximum}`
    }
    case 'choice':
      return rule.choices.some((choice) => choice === value) ? undefined : `has to be one of ${rule.choices.join(', ')}`
  }
}

/** Settings to write; `null` takes one out of the file, so that its default counts again. */
export type SettingsChange = { [Name in SettingName]?: Settings[Name] | null }

/** What the file has that does not count. Lines and columns are 1-based. */
export type SettingsProblem =
  /** The file cannot be read at all: what counted before still does, and nothing is written over it. */
  | { kind: 'unreadable'; message: string }
  | { kind: 'syntax'; line: number; column: number }
  /** The key is kept in the file and has no effect. */
  | { kind: 'unknown-key'; key: string; line: number; column: number; suggestion?: SettingName }
  /** The setting has its default; `expected` says what it has to be, in English. */
  | { kind: 'invalid-value'; key: SettingName; line: number; column: number; expected: string }

export interface SettingsState {
  /** What counts now. */
  settings: Settings
  /** Those that the file says; the others have their defaults. */
  chosen: SettingName[]
  /** Path of the file on the machine where the app runs; it need not exist. */
  file: string
  problems: SettingsProblem[]
}

/** Whether the file as a whole is no use, so that it may only be replaced when somebody says so. */
export function isBroken(state: Pick<SettingsState, 'problems'>): boolean {
  return state.problems.some(({ kind }) => kind === 'unreadable' || kind === 'syntax')
}
