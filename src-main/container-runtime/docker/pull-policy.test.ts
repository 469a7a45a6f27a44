import { describe, expect, it } from 'vitest'
import { parseImageReference } from '../../common/api/image-reference.ts'
import { computePullRefusal } from './pull-policy.ts'

const DIGEST = `sha256:${'a'.repeat(64)}`

function refusal(image: string, digests?: string[], registries: 'elsewhere' | 'any' = 'elsewhere'): string | undefined {
  const parsed = parseImageReference(image)
  if (!parsed.ok) throw new Error(`${image}: ${parsed.message}`)
  return computePullRefusal(parsed.reference, digests === undefined ? undefined : { RepoDigests: digests }, registries)
}

describe('computePullRefusal', () => {
  it.each([
    'localhost/x',
    'localhost:5000/x:1',
    'Localhost:5000/x',
    'registry.localhost/x',
    '127.0.0.1:5000/x',
    '127.9.9.9/x',
    '127.1:5000/x',
    '2130706433:80/x',
    '0x7f000001:80/x',
    '0.0.0.0:80/x',
    '[::1]:5000/x',
    '[::]:5000/x',
    '[0:0:0:0:0:0:0:1]:5000/x',
    '[::ffff:7f00:1]:5000/x',
  ])('given %s, then nothing is asked of this computer', (image) => {
    expect(refusal(image)).toContain('this computer itself')
    expect(refusal(image, undefined, 'any')).toBeUndefined()
  })

  it.each([
    'nginx',
    'team/app:2',
    'registry.k8s.io/pause:3.10',
    '10.0.0.5:5000/x',
    '192.168.1.2/x',
    '[2001:db8::1]:5000/x',
    'localhosts.example/x',
  ])('given %s, then it may be pulled', (image) => {
    expect(refusal(image)).toBeUndefined()
  })

  it('given a name that was made on this computer, then a pull would take it away, but one by digest would not', () => {
    expect(refusal('team/app', [])).toContain('IfNotPresent')
    expect(refusal('team/app', [`other/app@${DIGEST}`])).toContain('IfNotPresent')
    expect(refusal(`team/app@${DIGEST}`, [])).toBeUndefined()
  })

  it('given one that was pulled from there before, then it may be pulled again', () => {
    expect(refusal('nginx', [`nginx@${DIGEST}`])).toBeUndefined()
    expect(refusal('docker.io/library/nginx:1', [`nginx@${DIGEST}`])).toBeUndefined()
    expect(refusal('r.example:5000/a/b', [`r.example:5000/a/b@${DIGEST}`])).toBeUndefined()
  })
})
