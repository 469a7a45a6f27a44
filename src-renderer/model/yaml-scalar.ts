/** A single value as YAML would have it; words that YAML would read as something else are quoted. Pure. */

const PLAIN = /^[A-Za-z_/][\w./@:+=~ -]*$/
const READ_OTHERWISE = /^(?:true|false|null|yes|no|on|off|y|n)$/i

/** @param limit characters after which a long text is cut */
export function formatYamlScalar(value: unknown, limit: number): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value === null || value === undefined) return 'null'
  const whole = typeof value === 'string' ? value : JSON.stringify(value)
  const text = whole.length > limit ? `${whole.slice(0, limit)}…` : whole
  const isPlain = PLAIN.test(text) && !READ_OTHERWISE.test(text) && !/: |:$| $/.test(text)
  return isPlain ? text : JSON.stringify(text)
}
