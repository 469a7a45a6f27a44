/** The names of proxy requests: `web`, `web:8080`, `https:web:8443` (apimachinery/pkg/util/net SplitSchemeNamePort). */
export interface TargetName {
  /** Undefined: not said. */
  scheme: 'http' | 'https' | undefined
  name: string
  /** A number or a port's name; undefined: not said. */
  port: string | undefined
}

/** Undefined for what is no such name. */
export function parseTargetName(text: string): TargetName | undefined {
  const parts = text.split(':')
  const [first = '', second = '', third = ''] = parts
  switch (parts.length) {
    case 1:
      return first === '' ? undefined : { scheme: undefined, name: first, port: undefined }
    case 2:
      return first === '' ? undefined : { scheme: undefined, name: first, port: second === '' ? undefined : second }
    case 3:
      if ((first !== '' && first !== 'http' && first !== 'https') || second === '') return undefined
      return { scheme: first === '' ? undefined : first, name: second, port: third === '' ? undefined : third }
    default:
      return undefined
  }
}

/** A port as a number; undefined when it is none. */
export function parsePort(text: string): number | undefined {
  const port = Number(text)
  return /^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535 ? port : undefined
}
