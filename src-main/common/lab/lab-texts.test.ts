import { describe, expect, it } from 'vitest'
import { englishText, labStep } from './lab-texts.ts'

describe('what labs say of themselves', () => {
  it('given a text within a text, then the English has both, with what is filled in', () => {
    expect(labStep('of-node', { node: 'node01', text: { text: 'node-start' } }, 0.5)).toEqual({
      message: 'node01: starting',
      text: { text: 'of-node', values: { node: 'node01', text: { text: 'node-start' } } },
      progress: 0.5,
    })
  })

  it('given a text that brings its translations, then its English is told', () => {
    expect(englishText({ text: 'of-image', values: { image: 'nginx', text: { en: 'ready', ko: '준비됨' } } })).toBe(
      'nginx image: ready',
    )
  })

  it('given a value that is missing, then its name is told rather than nothing', () => {
    expect(englishText({ text: 'kubelets-wait' })).toBe('waiting for the kubelet of {nodes}')
  })
})
