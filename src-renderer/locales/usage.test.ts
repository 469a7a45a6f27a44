import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'vue/compiler-sfc'
import { NodeTypes, type TemplateChildNode } from '@vue/compiler-dom'
import { describe, expect, it } from 'vitest'
import { en } from './en.ts'

const ROOT = join(import.meta.dirname, '..')
const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(vue|ts)$/.test(file) && !/\.test\.ts$|^locales\/|^testing\/|^bridge\/fake/.test(file))
  .map((file) => ({ file, source: readFileSync(join(ROOT, file), 'utf8') }))
const keys = new Set(flatten(en))

function flatten(texts: object, path = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]: [string, unknown]) => {
    const full = path === '' ? key : `${path}.${key}`
    return typeof value === 'string' ? [full] : flatten(value as object, full)
  })
}

/** Attributes that people read or hear. */
const SPOKEN = new Set([
  'title',
  'alt',
  'placeholder',
  'aria-label',
  'aria-description',
  'label',
  'description',
  'body',
])
/** What machines say or are told, the same in every language; keycaps; and signs. */
const TECHNICAL = [
  ...[
    'Enter',
    'Esc',
    'Ctrl',
    'Shift',
    'PgUp',
    'PgDn',
    'Delete',
    'UTC',
    'kubectl',
    'export KUBECONFIG',
    'kube-apiserver',
  ],
  ...['Ready: False', 'ScheduleDaemonSetPods', 'SchedulingDisabled'],
]
const NO_WORDS = new RegExp(`^(?:[\\s\\d\\p{P}\\p{S}]|\\bF\\d+\\b|\\b[A-Z]\\b|${TECHNICAL.join('|')})*$`, 'u')

/** What of a template is shown or spoken and was not taken from the message files. */
function hardCoded(source: string): string[] {
  const { descriptor } = parse(source)
  const found: string[] = []
  const visit = (node: TemplateChildNode): void => {
    if (node.type === NodeTypes.TEXT && !NO_WORDS.test(node.content)) found.push(node.content.trim())
    if (node.type !== NodeTypes.ELEMENT) return
    for (const prop of node.props) {
      if (prop.type !== NodeTypes.ATTRIBUTE || !SPOKEN.has(prop.name)) continue
      const value = prop.value?.content ?? ''
      if (!NO_WORDS.test(value)) found.push(`${prop.name}="${value}"`)
    }
    for (const child of node.children) visit(child)
  }
  for (const child of descriptor.template?.ast?.children ?? []) visit(child)
  return found
}

/** Keys that are asked for by name, and the beginnings and ends of those that are put together. */
function askedFor(source: string): { whole: string[]; patterns: RegExp[] } {
  const whole = [...source.matchAll(/['"`]([\w-]+(?:\.[\w-]+)+)['"`]/g)].map(([, key = '']) => key)
  const patterns = [...source.matchAll(/`([\w-]+\.(?:\$\{[^}`]*\}|[\w.-])*)`/g)].map(
    ([, text = '']) => new RegExp(`^${text.replaceAll('.', '\\.').replaceAll(/\$\{[^}]*\}/g, '.+')}$`),
  )
  return { whole, patterns }
}

describe('texts of the window', () => {
  it('given a template with words of its own, then they are found (the check itself)', () => {
    expect(hardCoded('<template><p title="Hello">World {{ name }}</p></template>')).toEqual(['title="Hello"', 'World'])
    expect(hardCoded('<template><p :title="t(\'a.b\')">· {{ name }} (1/2)</p></template>')).toEqual([])
  })

  it('given any template, then no words are written into it', () => {
    const found = files
      .filter(({ file }) => file.endsWith('.vue'))
      .flatMap(({ file, source }) => hardCoded(source).map((words) => `${file}: ${words}`))
    expect(found).toEqual([])
  })

  it('given any key that is asked for by name, then it exists', () => {
    const missing = files.flatMap(({ file, source }) =>
      [...source.matchAll(/\bt\(\s*'([^']+)'/g)].flatMap(([, key = '']) => (keys.has(key) ? [] : [`${file}: ${key}`])),
    )
    expect(missing).toEqual([])
  })

  it('given any key, then something asks for it', () => {
    const asked = files.map(({ source }) => askedFor(source))
    const whole = new Set(asked.flatMap((one) => one.whole))
    const patterns = asked.flatMap((one) => one.patterns)
    const unused = [...keys].filter((key) => !whole.has(key) && !patterns.some((pattern) => pattern.test(key)))
    expect(unused).toEqual([])
  })
})
