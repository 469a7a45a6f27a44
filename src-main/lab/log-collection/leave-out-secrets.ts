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
  '(?:client-key-data|client-certificate-data|client_key|token|access[_-]?token|id-token|refresh-token|password|passwd|secret|api[_-]?key|private[_-]?key|authorization|auth)'
/** A field of YAML or JSON, a word of a command line, or an environment variable whose name ends in what it is. */
const NAMED_SECRET = new RegExp(
  `((?:^|[\\s"'\\\\{,;_.-])${SECRET_NAME}\\\\?["']?\\s*[:=]\\s*\\\\?["']?)(?!\\[left out\\])[^\\s"'\\\\,;}]+`,
  'gim',
)
/** `data` and `stringData` of a Secret on one line of JSON, as components log objects; where they end, braces in them do not tell. */
const JSON_SECRET_DATA = /(\\?"(?:data|stringData)\\?"\s*:\s*)\{.*/

/** The same text with `[left out]` where a secret was. Rather too much is left out than too little. */
export function leaveOutSecrets(text: string): string {
  return leaveOutSecretObjects(text)
    .replaceAll(PEM, LEFT_OUT)
    .replace(CUT_PEM, LEFT_OUT)
    .replaceAll(BASE64_PEM, LEFT_OUT)
    .replaceAll(JSON_WEB_TOKEN, LEFT_OUT)
    .replaceAll(AUTHORIZATION, `$1 ${LEFT_OUT}`)
    .replaceAll(URL_CREDENTIALS, `$1${LEFT_OUT}@`)
    .replaceAll(STREAM_TOKEN, `$1${LEFT_OUT}`)
    .replaceAll(BRIDGE_TOKEN, `$1${LEFT_OUT}`)
    .replaceAll(NAMED_SECRET, `$1${LEFT_OUT}`)
    .replaceAll(BOOTSTRAP_TOKEN, LEFT_OUT)
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
