/** Validation of events (upstream: pkg/apis/core/validation/events.go): the rules differ for those with an `eventTime`. */
import type { Event } from '../api/event.ts'
import { type FieldError, invalid, required } from './field-error.ts'
import { checkQualifiedName } from './names.ts'
import { all } from './validate-metadata.ts'

const MAX_NOTE = 1024
const MAX_WORD = 128

/** `reporterField` is the reporter's name in the API version of the request. */
export function validateEvent(event: Event, reporterField: 'reportingComponent' | 'reportingController'): FieldError[] {
  const { metadata, involvedObject, reportingComponent = '', reportingInstance = '', message = '' } = event
  const errors: FieldError[] = []
  const { namespace = '' } = metadata
  const { namespace: involved = '' } = involvedObject
  const isDated = event.eventTime !== undefined && event.eventTime !== null
  const allowed =
    involved === '' ? ['', 'default', ...(isDated ? ['kube-system'] : [])] : [isDated ? namespace : involved]
  if (!allowed.includes(namespace)) {
    errors.push(invalid('involvedObject.namespace', involved, 'does not match event.namespace'))
  }
  if (!isDated) return errors
  if (reportingComponent === '') errors.push(required(reporterField))
  errors.push(...all(reporterField, reportingComponent, checkQualifiedName(reportingComponent)))
  errors.push(...validateWord(reportingInstance, 'reportingInstance'))
  errors.push(...validateWord(event.action ?? '', 'action'))
  errors.push(...validateWord(event.reason ?? '', 'reason'))
  if (message.length > MAX_NOTE) {
    errors.push(invalid('message', '', `can have at most ${MAX_NOTE} characters`))
  }
  return errors
}

function validateWord(word: string, field: string): FieldError[] {
  if (word === '') return [required(field)]
  return word.length > MAX_WORD ? [invalid(field, '', `can have at most ${MAX_WORD} characters`)] : []
}
