import { expect, it } from 'vitest'
import { LabError } from '../../common/lab-error.ts'
import { computeFailure, UsageError } from './exit-codes.ts'

it('given failures of each kind, when they end a command, then the exit code tells them apart', () => {
  expect(computeFailure(new UsageError('x')).exitCode).toBe(2)
  expect(computeFailure(new LabError({ kind: 'NoEngine', message: 'none', remedy: 'Install one.' }))).toEqual({
    exitCode: 3,
    message: 'none. Install one.',
  })
  expect(computeFailure(new LabError({ kind: 'NotFound', message: 'x' })).exitCode).toBe(1)
  expect(computeFailure(new Error('boom'))).toEqual({ exitCode: 1, message: 'boom' })
})
