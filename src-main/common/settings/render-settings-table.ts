/** The settings as docs/settings.md shows them, from the table that the app itself uses. */
import {
  defaultSettings,
  SETTING_DEFINITIONS,
  SETTING_NAMES,
  type SettingDefinition,
  type SettingName,
} from './settings.ts'

export function renderSettingsTable(): string {
  const header = ['setting', 'values', 'default', 'what it does']
  const rows = SETTING_NAMES.map((name) => {
    const definition: SettingDefinition = SETTING_DEFINITIONS[name]
    return [`\`${name}\``, valuesOf(definition), defaultOf(name), definition.description]
  })
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n') + '\n'
}

function valuesOf({ rule }: SettingDefinition): string {
  switch (rule.kind) {
    case 'flag':
      return '`true`, `false`'
    case 'integer':
      return `\`${rule.minimum}\` to \`${rule.maximum}\``
    case 'choice':
      return rule.choices.map((choice) => `\`"${choice}"\``).join(', ')
  }
}

function defaultOf(name: SettingName): string {
  const [linux, mac] = [defaultSettings('linux')[name], defaultSettings('darwin')[name]]
  const shown = `\`${JSON.stringify(linux)}\``
  return linux === mac ? shown : `${shown}; on macOS and Windows \`${JSON.stringify(mac)}\``
}
