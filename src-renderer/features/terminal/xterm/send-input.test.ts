import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'
import type { NodeLabBridge } from '@common/ipc/bridge.ts'
import { LabError } from '@common/lab-error.ts'
import { installBridge } from '../../../bridge/client.ts'
import { createInput } from './send-input.ts'

const TERMINAL = 'abcdefghijklmnopqrst-_'

function aBridge(): { sent: string[]; answers: (() => void)[]; fail: (error: LabError) => void } {
  const sent: string[] = []
  const answers: (() => void)[] = []
  let failure: LabError | undefined
  const bridge = {
    call: (_name: string, { data }: { data: string }) => {
      sent.push(data)
      return new Promise((resolve) =>
        answers.push(() => resolve(failure === undefined ? { ok: true, result: null } : { ok: false, error: failure })),
      )
    },
  }
  installBridge(bridge as unknown as NodeLabBridge)
  return { sent, answers, fail: (error) => (failure = error) }
}

it('given keys while a call is under way, then they go with the next, in order, none twice', async () => {
  const { sent, answers } = aBridge()
  const type = createInput(TERMINAL, () => expect.fail('an error'))
  for (const key of ['l', 's', '\r']) type(key)
  expect(sent).toEqual(['l'])
  answers.shift()?.()
  await flushPromises()
  expect(sent).toEqual(['l', 's\r'])
})

it('given a paste that is larger than a call takes, then it goes in parts', async () => {
  const { sent, answers } = aBridge()
  createInput(TERMINAL, () => expect.fail('an error'))('x'.repeat(80_000))
  for (let part = 0; part < 3; part += 1) {
    answers.shift()?.()
    await flushPromises()
  }
  expect(sent.map(({ length }) => length)).toEqual([32_768, 32_768, 14_464])
})

it('given a refusal, then it is told once, the rest is dropped, and what is typed later goes', async () => {
  const { sent, answers, fail } = aBridge()
  const errors: unknown[] = []
  const type = createInput(TERMINAL, (error) => errors.push(error))
  type('x'.repeat(80_000))
  fail(new LabError({ kind: 'Conflict', message: 'the program does not read' }))
  answers.shift()?.()
  await flushPromises()
  expect(errors).toMatchObject([{ kind: 'Conflict' }])
  type('y')
  expect(sent.at(-1)).toBe('y')
})
