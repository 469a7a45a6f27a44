/** What a reader of a log may ask for (core/v1 PodLogOptions and its validation; facts 8.7.1). */
import { forbidden, invalid, unsupported, type FieldError } from '../../../common/validation/field-error.ts'
import { badRequest, invalid as invalidObject } from '../../../kube/status-error.ts'
import { readFlag } from '../../endpoints/query-values.ts'

const INTEGERS = ['sinceSeconds', 'tailLines', 'limitBytes'] as const
const FLAGS = ['follow', 'previous', 'timestamps'] as const
const STREAMS = ['All', 'Stdout', 'Stderr']
const RFC3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/

/**
 * The kubelet's query for that of a client.
 * @throws StatusError 400 for what cannot be read, 422 for what makes no sense
 */
export function computeLogQuery(query: URLSearchParams, podName: string): URLSearchParams {
  const asked = new URLSearchParams()
  for (const name of FLAGS) if (readFlag(query, name)) asked.set(name, 'true')
  for (const name of INTEGERS) {
    const text = query.get(name) ?? ''
    if (text === '') continue
    if (!/^[+-]?\d{1,18}$/.test(text))
      throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
    asked.set(name, text)
  }
  for (const name of ['sinceTime', 'stream']) {
    const text = query.get(name) ?? ''
    if (text !== '') asked.set(name, text)
  }
  const sinceTime = asked.get('sinceTime')
  if (sinceTime !== null && (!RFC3339.test(sinceTime) || Number.isNaN(Date.parse(sinceTime))))
    throw badRequest(`parsing time ${JSON.stringify(sinceTime)} as "2006-01-02T15:04:05Z07:00": cannot parse it`)
  const faults = findFaults(asked)
  if (faults.length > 0) throw invalidObject({ group: '', version: 'v1', kind: 'PodLogOptions' }, podName, faults)
  return asked
}

function findFaults(asked: URLSearchParams): FieldError[] {
  const faults: FieldError[] = []
  const number = (name: string): number | undefined => (asked.has(name) ? Number(asked.get(name)) : undefined)
  const [tailLines, limitBytes, sinceSeconds] = [number('tailLines'), number('limitBytes'), number('sinceSeconds')]
  if (tailLines !== undefined && tailLines < 0)
    faults.push(invalid('tailLines', tailLines, 'must be greater than or equal to 0'))
  if (limitBytes !== undefined && limitBytes < 1)
    faults.push(invalid('limitBytes', limitBytes, 'must be greater than 0'))
  if (sinceSeconds !== undefined && asked.has('sinceTime'))
    faults.push(forbidden('', 'at most one of `sinceTime` or `sinceSeconds` may be specified'))
  else if (sinceSeconds !== undefined && sinceSeconds < 1)
    faults.push(invalid('sinceSeconds', sinceSeconds, 'must be greater than 0'))
  const stream = asked.get('stream')
  if (stream !== null && !STREAMS.includes(stream)) faults.push(unsupported('stream', stream, STREAMS))
  return faults
}
