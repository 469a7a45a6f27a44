import { describe, expect, it } from 'vitest'
import { parseEngineEvent } from './engine-event-stream.ts'

describe('parseEngineEvent', () => {
  it('given an event, then nanoseconds are not rounded', () => {
    const line =
      '{"Type":"container","Action":"die","Actor":{"ID":"abc","Attributes":{"k":"v"}},"time":1764000000,"timeNano":1764000000123456789}'
    expect(parseEngineEvent(line)).toEqual({
      action: 'die',
      containerId: 'abc',
      labels: { k: 'v' },
      atNs: 1_764_000_000_123_456_789n,
    })
  })

  it('given the field names of older engines, then it is understood too', () => {
    expect(parseEngineEvent('{"Type":"container","status":"start","id":"abc"}')).toMatchObject({
      action: 'start',
      containerId: 'abc',
    })
  })

  it.each([
    '{"Type":"network","Action":"create","Actor":{"ID":"n"}}',
    '{"Type":"container","Action":"exec_die","Actor":{"ID":"x"}}',
  ])('given %s, then it is nothing to us', (line) => {
    expect(parseEngineEvent(line)).toBeUndefined()
  })
})
