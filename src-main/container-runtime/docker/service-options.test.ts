import { describe, expect, it } from 'vitest'
import { RUNTIME_ENVIRONMENT } from '../../common/node-layout.ts'
import { readServiceOptions } from './service-options.ts'

const environment = (catalogue: string): Record<string, string> => ({
  ...Object.fromEntries(Object.values(RUNTIME_ENVIRONMENT).map((name) => [name, 'x'])),
  [RUNTIME_ENVIRONMENT.catalogue]: catalogue,
})

describe('readServiceOptions', () => {
  it('given everything, then it is read', () => {
    expect(readServiceOptions(environment('{"enabled":true,"images":[]}'))).toMatchObject({
      lab: 'x',
      nodeContainer: 'x',
      catalogue: { enabled: true, images: [] },
    })
  })

  it('given no catalogue, then it is off', () => {
    expect(readServiceOptions(environment('')).catalogue).toEqual({ enabled: false, images: [] })
  })

  it.each(['{', '[]', 'null', '{"enabled":1,"images":[]}', '{"enabled":true,"images":[{"reference":"x"}]}'])(
    'given the catalogue %s, then the variable is named',
    (text) => {
      expect(() => readServiceOptions(environment(text))).toThrow(RUNTIME_ENVIRONMENT.catalogue)
    },
  )

  it('given a variable that is missing, then it is named', () => {
    expect(() => readServiceOptions({ ...environment(''), [RUNTIME_ENVIRONMENT.volume]: '' })).toThrow(
      `${RUNTIME_ENVIRONMENT.volume} is not set`,
    )
  })
})
