import { describe, expect, it } from 'vitest'
import { isLabError } from '../../common/lab-error.ts'
import { parseChannelRequest } from './channel-request.ts'

function kindOf(method: string, path: string): string | undefined {
  try {
    parseChannelRequest(method, path)
    return undefined
  } catch (error) {
    return isLabError(error) ? error.kind : String(error)
  }
}

describe('given a request of the private channel', () => {
  it('when it is a good one, then it is understood', () => {
    expect(parseChannelRequest('GET', '/v1/kubelet')).toEqual({ verb: 'GetKubelet' })
    expect(parseChannelRequest('GET', '/v1/view?watch=1')).toEqual({ verb: 'GetView', watch: true })
    expect(parseChannelRequest('GET', '/v1/timeline?after=b-1:42&watch=1&pod=web')).toEqual({
      verb: 'GetTimeline',
      watch: true,
      after: { boot: 'b-1', sequence: 42 },
      filter: { namespace: undefined, pod: 'web' },
    })
    expect(parseChannelRequest('GET', '/v1/logs/ns/p/c?tailLines=5&follow=1&previous=1')).toEqual({
      verb: 'GetLog',
      target: { namespace: 'ns', pod: 'p', container: 'c', previous: true },
      options: { follow: true, timestamps: false, tailLines: 5, sinceTime: undefined },
    })
    expect(parseChannelRequest('PUT', '/v1/manifests/a%20b.yaml')).toEqual({ verb: 'WriteManifest', name: 'a b.yaml' })
    expect(parseChannelRequest('GET', '/v1/manifests/..')).toEqual({ verb: 'ReadManifest', name: '..' })
  })

  it.each([
    ['POST', '/v1/view', 'BadRequest'],
    ['GET', '/v1/view?watch=yes', 'BadRequest'],
    ['GET', '/v1/view?color=red', 'BadRequest'],
    ['GET', '/v1/timeline?after=7', 'BadRequest'],
    ['GET', '/v1/logs/a/b/c?tailLines=-1', 'BadRequest'],
    ['GET', '/v1/logs/a/b/c?sinceTime=yesterday', 'BadRequest'],
    ['GET', '/v1/manifests/%zz', 'BadRequest'],
    ['PUT', '/v1/manifests', 'BadRequest'],
    ['PATCH', '/v1/manifests/a', 'BadRequest'],
    ['GET', '/v1/logs/a/b', 'NotFound'],
    ['GET', '/v1/kubelet/x', 'NotFound'],
    ['GET', '/v2/view', 'NotFound'],
    ['GET', '/', 'NotFound'],
    ['GET', '', 'NotFound'],
  ])('when it is %s %s, then it is refused as %s', (method, path, kind) => {
    expect(kindOf(method, path)).toBe(kind)
  })
})
