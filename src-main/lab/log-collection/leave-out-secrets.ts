/**
 * What must not leave the machine in a log: keys, tokens, passwords, the data of Secrets, the credentials of kubeconfigs. Pods write
 * what is read here, so no pattern may take longer than the text is long: each fails within a few characters, or takes what it has read.
 */

const LEFT_OUT = '[left out]'

/** Base64 of `-----BEGIN `, in its three alignments' common case: as kubeconfigs and Secrets carry PEM. */
const BASE64_PEM = /LS0tLS1CRUdJTi[A-Za-z0-9+/=]*/g
const PEM = /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----[\s\S]*?(?:-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----|$)/g
/** The end of a key whose begin was cut off with the older part of a log. */
const CUT_PEM = /^(?:[A-Za-z0-9+/=]*\r?\n)*-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----/
/** Base64 of `{"`, and whatever hangs on it: all of a JSON Web Token, and of half a one. */
const JSON_WEB_TOKEN = /\beyJ[A-Za-z0-9_.-]{8,}/g
/** kubeadm's: six characters, a point, sixteen. */
const BOOTSTRAP_TOKEN = /\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g
const AUTHORIZATION = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi
const URL_CREDENTIALS = /(:\/\/)[^\s/@:"']+:[^\s/@:"']+@/g
/** One-time addresses of streams, and the browser bridge's token in all its places. */
const STREAM_TOKEN = /(\/(?:exec|attach|portforward)\/)[A-Za-z0-9_-]{16,}/gi
const BRIDGE_TOKEN = /((?:[#?&]|node-lab\.)token[=.])[A-Za-z0-9_-]{8,}/gi

const SECRET_NAME =
  '(?:client-key-data|client-certificate-data|client_key|token|password|passwd|passphrase|secret|(?:api|access|secret|private)[_-]?key|authorization|auth)s?'
/** A field of YAML or JSON, a word of a command line, or an environment variable whose name ends in what it is. */
const NAMED_SECRET = new RegExp(`${SECRET_NAME}\\\\*["']?\\s*[:=]\\s*(?:-\\s+)?`, 'gi')
/** An environment variable as an object, up to its value. */
const NAMED_VALUE = /name\\*["']?\s*[:=]\s*\\*["']?([\w.-]{1,200})\\*["']?\s*(?:,\s*)?\\*["']?value\\*["']?\s*[:=]\s*/gi
/** A flag, up to the word after it, or to the next item of a list. */
const FLAG = /(?:^|[\s"'[,])--([a-z][\w.-]{0,60})(?:[^\S\n]+|\\*["']\s*,\s*)(?!-)/gim
const HAS_SECRET_NAME = new RegExp(SECRET_NAME, 'i')
const ENDS_IN_SECRET_NAME = new RegExp(`${SECRET_NAME}$`, 'i')
/** JSON in JSON in JSON is what is met at most; whoever writes more backslashes has no deeper quotes for it. */
const MAX_BACKSLASHES = 7
const BARE_VALUE = /[^\s"'\\,;}]+/y
/** `data` and `stringData` of a Secret on one line of JSON, as components log objects; where they end, braces in them do not tell. */
const JSON_SECRET_DATA = /(\\?"(?:data|stringData)\\?"\s*:\s*)\{.*/

/** The same text with `[left out]` where a secret was. Rather too much is left out than too little. */
export function leaveOutSecrets(text: string): string {
  const patterned = leaveOutPatterns(leaveOutSecretObjects(text))
  const named = leaveOutValues(patterned, NAMED_SECRET, () => true)
  const ofObjects = leaveOutValues(named, NAMED_VALUE, (name) => HAS_SECRET_NAME.test(name))
  return leaveOutValues(ofObjects, FLAG, (name) => ENDS_IN_SECRET_NAME.test(name))
}

function leaveOutPatterns(text: string): string {
  return text
    .replaceAll(PEM, LEFT_OUT)
    .replace(CUT_PEM, LEFT_OUT)
    .replaceAll(BASE64_PEM, LEFT_OUT)
    .replaceAll(JSON_WEB_TOKEN, LEFT_OUT)
    .replaceAll(AUTHORIZATION, `$1 ${LEFT_OUT}`)
    .replaceAll(URL_CREDENTIALS, `$1${LEFT_OUT}@`)
    .replaceAll(STREAM_TOKEN, `$1${LEFT_OUT}`)
    .replaceAll(BRIDGE_TOKEN, `$1${LEFT_OUT}`)
    .replaceAll(BOOTSTRAP_TOKEN, LEFT_OUT)
}

/** The values after what a pattern finds, where the name in its first group is one of a secret. */
function leaveOutValues(text: string, pattern: RegExp, isSecret: (name: string) => boolean): string {
  const findEnd = endFinder(text)
  let result = ''
  let done = 0
  for (const match of text.matchAll(pattern)) {
    const at = match.index + match[0].length
    // Within a value that is left out already.
    if (at < done || !isSecret(match[1] ?? '')) continue
    const { begin, end } = findValue(text, at, findEnd)
    if (end <= begin) continue
    result += `${text.slice(done, begin)}${LEFT_OUT}`
    done = end
  }
  return result + text.slice(done)
}

/** What is quoted up to its closing quote, a list up to its bracket, else a word. What is never closed goes up to the line's end. */
function findValue(
  text: string,
  at: number,
  findEnd: (closing: string, from: number) => number,
): { begin: number; end: number } {
  let backslashes = 0
  while (backslashes < MAX_BACKSLASHES && text[at + backslashes] === '\\') backslashes += 1
  const quote = text[at + backslashes]
  if (quote === '"' || quote === "'") {
    const begin = at + backslashes + 1
    return { begin, end: endOfQuoted(text, begin, quote, backslashes) ?? findEnd('\n', begin) }
  }
  if (text.startsWith(LEFT_OUT, at)) return { begin: at, end: at }
  if (text[at] === '[') {
    const bracket = findEnd(']', at)
    return { begin: at + 1, end: bracket < text.length ? bracket : findEnd('\n', at) }
  }
  BARE_VALUE.lastIndex = at
  const [word = ''] = BARE_VALUE.exec(text) ?? []
  return { begin: at, end: at + word.length }
}

/** A quote with more backslashes before it than the opening one is part of the value, as is a doubled single one. */
function endOfQuoted(text: string, begin: number, quote: string, backslashes: number): number | undefined {
  let before = 0
  for (let index = begin; index < text.length; index += 1) {
    if (text[index] === '\\') before += 1
    else if (text[index] !== quote || before > backslashes) before = 0
    else if (quote === "'" && text[index + 1] === "'") index += 1
    else return index - before
  }
  return undefined
}

/** Looks for each character only once beyond where it is found last: one that never comes is not sought again and again. */
function endFinder(text: string): (closing: string, from: number) => number {
  const known = new Map<string, number>()
  return (closing, from) => {
    const last = known.get(closing)
    if (last !== undefined && last >= from) return last
    const found = text.indexOf(closing, from)
    const end = found === -1 ? text.length : found
    known.set(closing, end)
    return end
  }
}

/** Secrets as JSON on a line, and as documents of YAML or of indented JSON. */
function leaveOutSecretObjects(text: string): string {
  const lines = text.split('\n')
  const isSecretDocument = findSecretDocuments(lines)
  let indentOfData: number | undefined
  return lines
    .map((line, index) => {
      if (/\\?"kind\\?"\s*:\s*\\?"Secret(?:List)?\\?"/.test(line))
        return line.replace(JSON_SECRET_DATA, `$1${LEFT_OUT}`)
      if (!isSecretDocument[index]) {
        indentOfData = undefined
        return line
      }
      const indent = line.search(/\S/)
      if (indentOfData !== undefined && indent > indentOfData) return `${' '.repeat(indent)}${LEFT_OUT}`
      indentOfData = undefined
      const field = /^(\s*(?:- )?)("?(?:data|stringData)"?)\s*:(.*)$/.exec(line)
      if (field === null) return line
      indentOfData = field[1]?.length ?? 0
      return /^\s*\{?\s*$/.test(field[3] ?? '') ? line : `${field[1]}${field[2]}: ${LEFT_OUT}`
    })
    .join('\n')
}

/** For each line, whether the YAML document that it belongs to is a Secret, or has one among its items. */
function findSecretDocuments(lines: readonly string[]): boolean[] {
  const result: boolean[] = []
  let begin = 0
  const close = (end: number): void => {
    const isSecret = lines.slice(begin, end).some((line) => /^\s*(?:- )?"?kind"?:\s*["']?Secret["']?,?\s*$/.test(line))
    for (let index = begin; index < end; index += 1) result.push(isSecret)
    begin = end
  }
  for (const [index, line] of lines.entries()) if (line.startsWith('---') && !line.startsWith('-----')) close(index)
  close(lines.length)
  return result
}
