/** A field of one of our own YAML files, read strictly: what is wrong is told with file, path and line. */
import { LineCounter, parseDocument, type Document, type YAMLError } from 'yaml'
import type { Answer, LocalText } from '../../common/experiments/experiment.ts'
import { LabError } from '../../common/lab-error.ts'

type Path = readonly (string | number)[]

interface Source {
  /** As it is told. */
  file: string
  document: Document
  lines: LineCounter
}

export class YamlField {
  readonly #source: Source
  readonly #path: Path
  readonly #value: unknown

  private constructor(source: Source, path: Path, value: unknown) {
    this.#source = source
    this.#path = path
    this.#value = value
  }

  /** @throws BadRequest when it is no YAML */
  static parse(file: string, text: string): YamlField {
    const lines = new LineCounter()
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
    const source = { file, document, lines }
    const [fault] = [...document.errors, ...document.warnings]
    if (fault !== undefined) throw syntaxFault(source, fault)
    return new YamlField(source, [], document.toJS())
  }

  /** Fields of a mapping that has all of the required ones and none but the named ones. */
  fields<Required extends string, Optional extends string = never>(
    required: readonly Required[],
    optional: readonly Optional[] = [],
  ): Record<Required, YamlField> & Partial<Record<Optional, YamlField>> {
    const entries = this.entries()
    const known: readonly string[] = [...required, ...optional]
    for (const [name, field] of entries)
      if (!known.includes(name)) field.fail('is not known here', `Take it out; known are ${known.join(', ')}.`)
    const found = Object.fromEntries(entries)
    for (const name of required) if (found[name] === undefined) this.fail(`has no ${name}`, `Add the field ${name}.`)
    // What is required is there, and nothing else than what is named.
    return found as Record<Required, YamlField> & Partial<Record<Optional, YamlField>>
  }

  entries(): [string, YamlField][] {
    if (typeof this.#value !== 'object' || this.#value === null || Array.isArray(this.#value))
      return this.fail('is no mapping', 'Write fields with their values there.')
    return Object.entries(this.#value).map(([name, value]) => [name, this.#child(name, value)])
  }

  /** Whether it is a mapping with that field. */
  has(name: string): boolean {
    return typeof this.#value === 'object' && this.#value !== null && name in this.#value
  }

  /** @param least fewest items */
  items(least = 0): YamlField[] {
    if (!Array.isArray(this.#value)) return this.fail('is no list', 'Write a list there.')
    if (this.#value.length < least) return this.fail('is empty', 'Write at least one item there.')
    return this.#value.map((value: unknown, index) => this.#child(index, value))
  }

  text(): string {
    return typeof this.#value === 'string' && this.#value.trim() !== ''
      ? this.#value
      : this.fail('is no text', 'Write a text there that is not empty; quote what YAML takes for something else.')
  }

  localText(): LocalText {
    const { en, ko } = this.fields(['en', 'ko'])
    return { en: en.text(), ko: ko.text() }
  }

  integer(least: number): number {
    return typeof this.#value === 'number' && Number.isInteger(this.#value) && this.#value >= least
      ? this.#value
      : this.fail('is no such number', `Write a whole number there, ${least} or more.`)
  }

  answer(): Answer {
    const value = this.#value
    return typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string'
      ? value
      : this.fail('is no answer', 'Write true, false, a number or a text there.')
  }

  oneOf<Word extends string>(words: readonly Word[]): Word {
    const found = words.find((word) => word === this.#value)
    return found ?? this.fail(`is ${JSON.stringify(this.#value)}`, `Write one of ${words.join(', ')} there.`)
  }

  matching(pattern: RegExp, remedy: string): string {
    const text = this.text()
    return pattern.test(text) ? text : this.fail(`is ${JSON.stringify(text)}`, remedy)
  }

  /** @throws BadRequest always. @param what what is the matter with it. @param remedy what to do, a sentence */
  fail(what: string, remedy: string): never {
    const { file } = this.#source
    const at = this.#line()
    const place = [pathText(this.#path), ...(at === undefined ? [] : [`line ${at}`])].join(', ')
    throw new LabError({
      kind: 'BadRequest',
      message: `${file}: ${place}: ${what}`,
      remedy,
      details: { file, field: pathText(this.#path), ...(at !== undefined && { line: String(at) }) },
    })
  }

  #child(name: string | number, value: unknown): YamlField {
    return new YamlField(this.#source, [...this.#path, name], value)
  }

  #line(): number | undefined {
    const { document, lines } = this.#source
    const node: unknown = document.getIn(this.#path, true)
    if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined
    const [offset]: unknown[] = node.range
    return typeof offset === 'number' ? lines.linePos(offset).line : undefined
  }
}

function syntaxFault({ file, lines }: Source, fault: YAMLError): LabError {
  const line = lines.linePos(fault.pos[0]).line
  return new LabError(
    {
      kind: 'BadRequest',
      message: `${file}: line ${line}: ${fault.message}`,
      remedy: 'Mend the YAML of that line.',
      details: { file, line: String(line) },
    },
    { cause: fault },
  )
}

/** `steps[2].wait`; the file itself has none. */
function pathText(path: Path): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('')
  return text === '' ? 'the file' : text.replace(/^\./, '')
}
