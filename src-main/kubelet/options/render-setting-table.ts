/** The settings as docs/kubelet-configuration.md shows them; printed from the tables that the kubelet itself uses. */
import { CONFIGURATION_FIELDS, type FieldType } from './configuration-fields.ts'
import { EFFECTIVE_GATES } from './feature-gates.ts'
import { FIELDLESS_FLAGS, flagOfField } from './flag-table.ts'
import { FLAG_SUPPORT, SETTING_SUPPORT, type SettingSupport } from './setting-support.ts'

/** Fields of the file and their flags, then flags that no file has, then feature gates. */
export function renderSettingTable(): string {
  const fields = Object.entries(CONFIGURATION_FIELDS).map(([name, field]: [string, FieldType]) => {
    const flag = flagOfField(name)
    const support = (SETTING_SUPPORT as Readonly<Record<string, SettingSupport>>)[name]
    return row(`\`${name}\``, flag === undefined ? '' : `\`--${flag}\``, defaultOf(field), describe(support))
  })
  const flags = FIELDLESS_FLAGS.map((name) => row(`\`--${name}\``, describe(FLAG_SUPPORT[name])))
  return [
    row('field', 'flag', 'default', 'here'),
    row('---', '---', '---', '---'),
    ...fields,
    '',
    row('flag that no file has', 'here'),
    row('---', '---'),
    ...flags,
    '',
    `Feature gates that change something here: ${EFFECTIVE_GATES.map((gate) => `\`${gate}\``).join(', ')}.`,
    '',
  ].join('\n')
}

function row(...cells: string[]): string {
  return `| ${cells.join(' | ')} |`
}

function defaultOf(field: FieldType): string {
  if (!('default' in field) || field.default === undefined) return ''
  return `\`${Array.isArray(field.default) ? field.default.join(', ') : String(field.default)}\``
}

function describe(support: SettingSupport | undefined): string {
  switch (support?.state) {
    case 'honoured':
      return support.note === undefined ? '**honoured**' : `**honoured**; ${support.note}`
    case 'ignored':
      return `read and logged: ${support.reason}`
    case 'inCluster':
      return '**honoured** with `--kubeconfig`'
    case undefined:
      return ''
  }
}
