/**
 * Options of a command line as Go's `flag` package and cri-tools take them: one dash or two, `--name value` or
 * `--name=value`, letters joined (`-aq`), and everything behind the first operand is an operand. General libraries
 * neither stop there nor know one dash before a word, and their complaints are not those that a user of cri-tools knows.
 */

export interface Flag {
  name: string
  /** Without dashes. */
  aliases?: string[]
  /** `duration`: `10s`, `2m`; a bare number is seconds. */
  kind: 'switch' | 'text' | 'texts' | 'integer' | 'duration'
  usage: string
  /** As it is shown and taken when the flag is not given. */
  defaultText?: string
  /** Variables that stand for the flag when it is not given; the first that is set counts. */
  environment?: string[]
}

/** `message` is for the user, in the words of Go's flag package. */
export class UsageError extends Error {}

export class FlagValues {
  readonly #flags: readonly Flag[]
  readonly #given: ReadonlyMap<string, string[]>

  constructor(flags: readonly Flag[], given: ReadonlyMap<string, string[]>) {
    this.#flags = flags
    this.#given = given
  }

  isGiven(name: string): boolean {
    return this.#given.has(name)
  }

  isOn(name: string): boolean {
    return this.text(name) === 'true'
  }

  /** The last value that was given, the default, or the empty text. */
  text(name: string): string {
    return this.#given.get(name)?.at(-1) ?? this.#flags.find((flag) => flag.name === name)?.defaultText ?? ''
  }

  texts(name: string): string[] {
    return this.#given.get(name) ?? []
  }

  /** `undefined` when it is neither given nor has a default. */
  integer(name: string): number | undefined {
    const text = this.text(name)
    return text === '' ? undefined : Number(text)
  }

  durationMs(name: string): number | undefined {
    const text = this.text(name)
    return text === '' ? undefined : parseDuration(text)
  }
}

/** @throws UsageError */
export function parseFlags(
  flags: readonly Flag[],
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): { values: FlagValues; operands: string[] } {
  const given = new Map<string, string[]>()
  const add = (flag: Flag, value: string): void => {
    checkValue(flag, value)
    given.set(flag.name, [...(given.get(flag.name) ?? []), value])
  }
  const left = [...words]
  while (left[0] !== undefined && left[0].startsWith('-') && left[0] !== '-') {
    const word = left.shift() ?? ''
    if (word === '--') break
    const [, name = '', value] = /^--?([^=]*)(?:=(.*))?$/s.exec(word) ?? []
    const flag = findFlag(flags, name)
    const letters = word.startsWith('--') || value !== undefined ? [] : Array.from(name)
    if (flag !== undefined) add(flag, value ?? takeValue(flag, name, left))
    else if (letters.length > 1 && letters.every((letter) => findFlag(flags, letter) !== undefined))
      left.unshift(...letters.map((letter) => `-${letter}`))
    else throw new UsageError(`flag provided but not defined: -${name}`)
  }
  for (const flag of flags) {
    const value = flag.environment?.map((name) => environment[name]).find((text) => text !== undefined && text !== '')
    if (value !== undefined && !given.has(flag.name)) add(flag, value)
  }
  return { values: new FlagValues(flags, given), operands: left }
}

function findFlag(flags: readonly Flag[], name: string): Flag | undefined {
  return flags.find((flag) => flag.name === name || flag.aliases?.includes(name))
}

function takeValue(flag: Flag, name: string, left: string[]): string {
  if (flag.kind === 'switch') return 'true'
  const value = left.shift()
  if (value === undefined) throw new UsageError(`flag needs an argument: -${name}`)
  return value
}

function checkValue({ name, kind }: Flag, value: string): void {
  const isGood =
    kind === 'switch'
      ? /^(true|false)$/.test(value)
      : kind === 'integer'
        ? /^-?\d{1,15}$/.test(value)
        : kind === 'duration'
          ? parseDuration(value) !== undefined
          : true
  if (!isGood) throw new UsageError(`invalid value ${JSON.stringify(value)} for flag -${name}: parse error`)
}

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Go's notation (`1m30s`) or whole seconds, in milliseconds; `undefined` for what is neither. */
export function parseDuration(text: string): number | undefined {
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  if (!/^(\d+(\.\d+)?(ms|[smh]))+$/.test(text)) return undefined
  let ms = 0
  for (const [, number = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smh])/g))
    ms += Number(number) * (UNIT_MS[unit] ?? 0)
  return ms
}
