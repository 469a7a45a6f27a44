import { describe, expect, it } from 'vitest'
import { create, update } from '../../testing/exercise-kind.ts'
import { NAMESPACES } from './namespace-definition.ts'

const { strategy, statusStrategy, parts = {} } = NAMESPACES

describe('namespaces', () => {
  it('given a new one, then it is active, wears its name, and waits for its content at its end', () => {
    const { object, errors } = create(NAMESPACES, {})
    expect(errors).toEqual([])
    expect(object).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': 'a' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    })
    expect(strategy.isDeletable?.(object)).toBe(false)
    strategy.prepareForDeletion?.(object)
    expect(NAMESPACES.printer.cells(object, 0).slice(0, 2)).toEqual(['a', 'Terminating'])
  })

  it('given an update, then finalizers stay; given one of finalize, then they go', () => {
    expect(update(NAMESPACES, {}, {}).object['spec']).toEqual({ finalizers: ['kubernetes'] })
    const { object, errors } = update(NAMESPACES, {}, { spec: {} }, parts['finalize'])
    expect(errors).toEqual([])
    expect(strategy.isDeletable?.(object)).toBe(true)
  })

  it('given a phase that does not fit, then it is refused', () => {
    expect(update(NAMESPACES, {}, { status: { phase: 'Terminating' } }, statusStrategy).errors).toEqual([
      'status.phase: Invalid value: "Terminating": may only be \'Active\' if `deletionTimestamp` is empty',
    ])
  })

  it('given a finalizer without a domain, then it is refused', () => {
    expect(create(NAMESPACES, { spec: { finalizers: ['mine'] } }).errors).toEqual([
      'spec.finalizers: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
    ])
  })
})
