import { describe, expect, it } from 'vitest'
import type { NodeLabBridge } from '@common/ipc/bridge.ts'
import { LabError } from '@common/lab-error.ts'
import { call, installBridge } from './client.ts'

function bridgeThat(answer: () => Promise<unknown>): NodeLabBridge {
  const nothing = (): (() => void) => () => undefined
  return {
    call: answer as NodeLabBridge['call'],
    on: nothing,
    openStream: nothing,
    onStateChange: nothing,
    pathForFile: () => null,
  }
}

describe('call', () => {
  it('given an answer, resolves with the result', async () => {
    installBridge(bridgeThat(async () => ({ ok: true, result: [] })))
    await expect(call('lab/list', {})).resolves.toEqual([])
  })

  it('given an error as data, rejects with the LabError again, remedy included', async () => {
    const error = { kind: 'NoEngine', message: 'No engine.', remedy: 'Start Docker.' }
    installBridge(bridgeThat(async () => ({ ok: false, error })))
    const rejection = await call('lab/list', {}).catch((reason: unknown) => reason)
    expect(rejection).toBeInstanceOf(LabError)
    expect(rejection).toMatchObject(error)
  })

  it('given a bridge that fails itself, rejects with a LabError too', async () => {
    installBridge(bridgeThat(() => Promise.reject(new Error('gone'))))
    await expect(call('lab/list', {})).rejects.toMatchObject({ kind: 'Internal', message: 'gone' })
  })
})
