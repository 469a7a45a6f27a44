/** Patches and ownership through a whole server, as a client sees them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { UnknownObject } from '../../common/api/api-object.ts'
import type { Status } from '../../common/api/status.ts'
import { newTestApiServer, type TestApiServer } from '../testing/new-test-api-server.ts'

const PATH = '/apis/apps/v1/namespaces/default/daemonsets/d1'

interface Container {
  name: string
  image?: string
  ports?: object[]
}

const daemonSet = (containers: Container[] = [{ name: 'c', image: 'bb:v1' }], metadata: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'd1', namespace: 'default', ...metadata },
  spec: {
    selector: { matchLabels: { app: 'd1' } },
    template: { metadata: { labels: { app: 'd1' } }, spec: { containers } },
  },
})

interface Answer {
  code: number
  warnings: string | null
  body: UnknownObject & Status
}

interface Entry {
  manager: string
  operation: string
  fieldsV1: object
  time: string
}

const entriesOf = ({ body }: Answer): Entry[] => (body.metadata as { managedFields?: Entry[] }).managedFields ?? []
const containersOf = ({ body }: Answer): Container[] =>
  (body as unknown as ReturnType<typeof daemonSet>).spec.template.spec.containers

describe('writes to a server', () => {
  let server: TestApiServer

  beforeEach(async () => {
    server = await newTestApiServer()
  })
  afterEach(async () => {
    await server.dispose()
  })

  async function send(method: string, path: string, mediaType: string, body: unknown): Promise<Answer> {
    const headers = { 'Content-Type': mediaType, 'User-Agent': 'tester/v1 (linux)' }
    const response = await fetch(server.url + path, { method, headers, body: JSON.stringify(body) })
    return {
      code: response.status,
      warnings: response.headers.get('warning'),
      body: (await response.json()) as Answer['body'],
    }
  }
  const create = () => send('POST', PATH.slice(0, -'/d1'.length), 'application/json', daemonSet())
  const patch = (mediaType: string, body: unknown, query = '') =>
    send('PATCH', `${PATH}?${query}`, `application/${mediaType}`, body)
  const apply = (body: unknown, manager = 'kubectl', query = '') =>
    patch('apply-patch+yaml', body, `fieldManager=${manager}${query}`)

  it('given a client without a field manager, when it creates, then its agent names it', async () => {
    const created = await create()
    expect(created.code).toBe(201)
    expect(created.body.metadata.generation).toBe(1)
    expect(entriesOf(created)).toMatchObject([{ manager: 'tester', operation: 'Update' }])
  })

  it('given patches of each type, when they are sent, then each changes what it says and owns it', async () => {
    await create()
    await patch('strategic-merge-patch+json', { metadata: { labels: { z: '1' } } }, 'fieldManager=one')
    await patch('merge-patch+json', { metadata: { labels: { z: '2' } } }, 'fieldManager=two')
    const last = await patch(
      'json-patch+json',
      [{ op: 'replace', path: '/metadata/labels/z', value: '3' }],
      'fieldManager=three',
    )
    expect(last.body.metadata.labels).toEqual({ z: '3' })
    expect(entriesOf(last).find(({ manager }) => manager === 'three')?.fieldsV1).toEqual({
      'f:metadata': { 'f:labels': { 'f:z': {} } },
    })
    expect(entriesOf(last).find(({ manager }) => manager === 'two')).toBeUndefined()
  })

  it('given a strategic patch of one container, when it is sent, then the other stays as it is', async () => {
    await create()
    const containers = [{ name: 'd', image: 'x' }]
    const patched = await patch('strategic-merge-patch+json', { spec: { template: { spec: { containers } } } })
    expect(containersOf(patched).map(({ name, image }) => [name, image])).toEqual([
      ['d', 'x'],
      ['c', 'bb:v1'],
    ])
    expect(patched.body.metadata.generation).toBe(2)
  })

  it('given a patch that changes nothing, then nothing is written', async () => {
    const created = await create()
    const patched = await patch('merge-patch+json', { metadata: { name: 'd1' } }, 'fieldManager=other')
    expect(patched.body.metadata).toEqual(created.body.metadata)
  })

  it('given an unknown field, when strict, then it is refused; else there is a warning', async () => {
    const wrong = { ...daemonSet(), spec: { ...daemonSet().spec, selektor: 1 } }
    const refused = await send(
      'POST',
      `${PATH.slice(0, -'/d1'.length)}?fieldValidation=Strict`,
      'application/json',
      wrong,
    )
    expect(refused).toMatchObject({
      code: 400,
      body: {
        message:
          'DaemonSet in version "v1" cannot be handled as a DaemonSet: strict decoding error: unknown field "spec.selektor"',
      },
    })
    const warned = await send('POST', PATH.slice(0, -'/d1'.length), 'application/json', wrong)
    expect(warned).toMatchObject({ code: 201, warnings: '299 - "unknown field \\"spec.selektor\\""' })
  })

  it('given nothing, when a configuration is applied twice, then it is created and then left alone', async () => {
    const created = await apply(daemonSet([{ name: 'c', image: 'bb:v1', ports: [{ containerPort: 80 }] }]))
    expect(created.code).toBe(201)
    const again = await apply(daemonSet([{ name: 'c', image: 'bb:v1', ports: [{ containerPort: 80 }] }]))
    expect(again.code).toBe(200)
    expect(again.body).toEqual(created.body)
  })

  it('given an applier and an updater, when they want different values, then apply conflicts until it is forced', async () => {
    await apply(daemonSet())
    await patch(
      'strategic-merge-patch+json',
      { spec: { template: { spec: { containers: [{ name: 'c', image: 'v2' }] } } } },
      'fieldManager=set',
    )
    const refused = await apply(daemonSet())
    expect(refused).toMatchObject({
      code: 409,
      body: {
        reason: 'Conflict',
        message:
          'Apply failed with 1 conflict: conflict with "set" using apps/v1: .spec.template.spec.containers[name="c"].image',
        details: { causes: [{ reason: 'FieldManagerConflict' }] },
      },
    })
    const forced = await apply(daemonSet(), 'kubectl', '&force=true')
    expect(containersOf(forced)[0]?.image).toBe('bb:v1')
  })

  it('given an applied label, when the next configuration is without it, then it goes and defaults stay', async () => {
    await apply(daemonSet(undefined, { labels: { a: '1' } }))
    const next = await apply(daemonSet())
    expect(next.body.metadata.labels).toBeUndefined()
    expect(containersOf(next)[0]).toMatchObject({ image: 'bb:v1', terminationMessagePath: '/dev/termination-log' })
  })
})
