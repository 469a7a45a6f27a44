import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appLinkPath, parseAppLink, type AppLink } from './app-link.ts'

const LINKS: [string, AppLink][] = [
  ['node-lab://lab/default', { page: 'lab', lab: 'default' }],
  ['node-lab://lab/default/', { page: 'lab', lab: 'default' }],
  ['node-lab://lab/default/timeline', { page: 'timeline', lab: 'default' }],
  ['node-lab://lab/default/node/node01', { page: 'node', lab: 'default', node: 'node01' }],
  [
    'node-lab://lab/default/pod/kube-system/etcd-controlplane',
    { page: 'pod', lab: 'default', namespace: 'kube-system', pod: 'etcd-controlplane' },
  ],
]

describe('parseAppLink', () => {
  it.each(LINKS)('given %s, when read, then it names its page, and its path does, too', (text, link) => {
    expect(parseAppLink(text)).toEqual({ kind: 'link', link })
    expect(parseAppLink(appLinkPath(link))).toEqual({ kind: 'link', link })
  })

  it.each([
    '',
    'node-lab:',
    'node-lab://',
    'node-lab://lab',
    'node-lab://lab/',
    'node-lab://delete/default',
    'node-lab://lab/default/delete',
    'node-lab://lab/default/pod/default',
    'node-lab://lab/default/pod/default/web/exec',
    'node-lab://lab/default/pod/default/..',
    'node-lab://lab/../default',
    'node-lab://lab/default/node/NODE01',
    'node-lab://lab/default/node/node01?do=stop',
    'node-lab://lab/default/node/node01#x',
    'node-lab://lab/%64efault',
    'node-lab://lab/default//timeline',
    'node-lab://lab/default\n/timeline',
    'https://lab/default',
    'javascript:alert(1)',
    `node-lab://lab/${'a'.repeat(2000)}`,
  ])('given %j, when read, then it leads nowhere', (text) => {
    expect(parseAppLink(text).kind).toBe('unknown')
  })

  it('given any text, when read, then it never throws, and what is shown of it is short and steers nothing', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string().map((rest) => `node-lab://lab/${rest}`),
    )
    fc.assert(
      fc.property(text, (any) => {
        const request = parseAppLink(any)
        if (request.kind !== 'unknown') return
        expect(request.text.length).toBeLessThanOrEqual(121)
        expect(request.text).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      }),
    )
  })
})
