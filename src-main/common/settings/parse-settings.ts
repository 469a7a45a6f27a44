/** `settings.json`: text → what of it counts, and what does not with its place; and the text with a change in it. */
import { closestWord } from '../manifest/closest-word.ts'
import { parseJSONTree } from '../manifest/json-tree.ts'
import { positionAt, treeToValue, type TreeNode } from '../manifest/manifest-tree.ts'
import { SETTING_NAMES, settingFault, type SettingName, type Settings, type SettingsChange } from './settings.ts'
import type { SettingsProblem } from './settings.ts'

export interface ParsedSettings {
  /** Valid settings only. */
  values: Partial<Settings>
  problems: SettingsProblem[]
}

/** An empty file says nothing, which is allowed. Of a key that is there twice the last one counts. */
export function parseSettings(text: string): ParsedSettings {
  const parsed = parseTree(text)
  if (!parsed.ok) return { values: {}, problems: [parsed.problem] }
  const values: Record<string, unknown> = {}
  const problems: SettingsProblem[] = []
  for (const { key, offset, value: node } of parsed.entries) {
    const place = positionAt(text, offset)
    if (!isSettingName(key)) {
      const suggestion = SETTING_NAMES.find((name) => name === closestWord(key, SETTING_NAMES))
      // A place for an editor's schema, which many such files have.
      if (key !== '$schema') problems.push({ kind: 'unknown-key', key, ...place, ...(suggestion && { suggestion }) })
      continue
    }
    const value = treeToValue(node)
    const expected = settingFault(key, value)
    delete values[key]
    if (expected === undefined) values[key] = value
    else problems.push({ kind: 'invalid-value', key, ...positionAt(text, node.offset), expected })
  }
  // Each value has passed the rule of its name.
  return { values: values as Partial<Settings>, problems }
}

/**
 * The text of the file after a change; keys that are no settings stay as they are. `undefined` when the text is no JSON
 * object, so that there is nothing to change.
 */
export function changeSettingsText(text: string, change: SettingsChange): string | undefined {
  const parsed = parseTree(text)
  if (!parsed.ok) return undefined
  const members = new Map(parsed.entries.map(({ key, value }) => [key, treeToValue(value)]))
  for (const name of SETTING_NAMES) {
    const value = change[name]
    if (value === null) members.delete(name)
    else if (value !== undefined) members.set(name, value)
  }
  return `${JSON.stringify(Object.fromEntries(members), undefined, 2)}\n`
}

type ParsedTree =
  | { ok: true; entries: { key: string; offset: number; value: TreeNode }[] }
  | { ok: false; problem: SettingsProblem }

function parseTree(text: string): ParsedTree {
  if (text.trim() === '') return { ok: true, entries: [] }
  const parsed = parseJSONTree(text)
  if (!parsed.ok) {
    const { line = 1, column = 1 } = parsed.fault
    return { ok: false, problem: { kind: 'syntax', line, column } }
  }
  const { tree } = parsed
  if (tree.kind === 'map') return { ok: true, entries: tree.entries }
  return { ok: false, problem: { kind: 'syntax', ...positionAt(text, tree.offset) } }
}

function isSettingName(key: string): key is SettingName {
  return SETTING_NAMES.some((name) => name === key)
}
