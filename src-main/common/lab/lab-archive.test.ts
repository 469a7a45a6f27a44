import { describe, expect, it } from 'vitest'
import { freeLabName } from './lab-archive.ts'

describe('freeLabName', () => {
  it.each([
    [[], 'default', 'default'],
    [['default'], 'default', 'lab2'],
    [['default', 'lab2'], 'default', 'lab3'],
    [['course'], 'course', 'course-2'],
    [['course', 'course-2'], 'course-2', 'course-3'],
    [['a'.repeat(40)], 'a'.repeat(40), `${'a'.repeat(36)}-2`],
  ])('given %j, when a name like %s is looked for, then it is %s', (taken, preferred, name) => {
    expect(freeLabName(taken, preferred)).toBe(name)
  })
})
