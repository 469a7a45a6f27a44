import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../base/testing/seeded-random.ts'
import { PodNames } from './pod-names.ts'

const NODE = ['set', 'node01'] as const

function asked(): { names: PodNames; name: string } {
  const names = new PodNames(seededRandom(1))
  const { name, isAgain } = names.nameFor(...NODE, 'agent-')
  expect(isAgain).toBe(false)
  return { names, name }
}

describe('the name of a pod that was asked for', () => {
  it('given no word of it, then it is asked for again, on that node only', () => {
    const { names, name } = asked()
    expect(name).toMatch(/^agent-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
    expect(names.nameFor(...NODE, 'agent-')).toEqual({ name, isAgain: true })
    expect(names.nameFor('set', 'node02', 'agent-').name).not.toBe(name)
    expect(names.nameFor('other', 'node01', 'agent-').name).not.toBe(name)
  })

  it('given that it was shown, or refused for certain, or its owner went, then the next pod has another name', () => {
    const shown = asked()
    shown.names.onShown(...NODE, { name: shown.name, uid: 'uid-1' })
    const refused = asked()
    refused.names.forget(...NODE)
    const ownerless = asked()
    ownerless.names.forgetOwner('set')
    for (const { names, name } of [shown, refused, ownerless]) {
      names.settle('set')
      expect(names.nameFor(...NODE, 'agent-')).toEqual({ name: expect.not.stringMatching(name), isAgain: false })
    }
  })

  it('given an earlier pod of that name that is shown late, then the name is kept until the right one is shown', () => {
    const { names, name } = asked()
    names.nameFor(...NODE, 'agent-')
    names.onMade(...NODE, 'uid-2')
    names.onShown(...NODE, { name, uid: 'uid-1' })
    names.settle('set')
    expect(names.nameFor(...NODE, 'agent-').isAgain).toBe(true)
    names.onMade(...NODE, 'uid-3')
    names.onShown(...NODE, { name, uid: 'uid-3' })
    names.settle('set')
    expect(names.nameFor(...NODE, 'agent-').isAgain).toBe(false)
  })

  it('given a pod that is shown before its request is answered, then the name is free as well', () => {
    const { names, name } = asked()
    names.nameFor(...NODE, 'agent-')
    names.onShown(...NODE, { name, uid: 'uid-2' })
    names.onMade(...NODE, 'uid-2')
    names.settle('set')
    expect(names.nameFor(...NODE, 'agent-').isAgain).toBe(false)
  })

  it('given that it is shown while pods are being made, then that is known until they are looked at again', () => {
    const { names, name } = asked()
    expect(names.isShown(...NODE)).toBe(false)
    names.onShown(...NODE, { name, uid: 'uid-1' })
    expect(names.isShown(...NODE)).toBe(true)
    names.settle('set')
    expect(names.isShown(...NODE)).toBe(false)
  })
})
