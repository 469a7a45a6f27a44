import { describe, expect, it } from 'vitest'
import { setUpCrictl } from './testing/set-up-crictl.ts'

describe('given a node with a pod whose container was restarted', () => {
  it('when details are asked for, then of the container, and of its pod', async () => {
    const { crictl, sandbox, second } = await setUpCrictl()
    const details = await crictl('inspect', second)
    expect(JSON.parse(details.out)).toMatchObject({ status: { id: second, state: 'CONTAINER_RUNNING' } })
    expect(JSON.parse((await crictl('inspectp', sandbox)).out)).toMatchObject({ status: { id: sandbox } })
  })

  it('when one is inspected, then its status and the runtime’s words stand in the order of their keys, or fill a template', async () => {
    const { crictl, second, sandbox } = await setUpCrictl()
    const value = JSON.parse((await crictl('inspect', second)).out) as { status: Record<string, unknown> }
    expect(Object.keys(value)).toEqual(['info', 'status'])
    expect(Object.keys(value.status)).toEqual(Object.keys(value.status).sort())
    expect(value).toMatchObject({
      info: { sandboxID: sandbox },
      status: { finishedAt: '0001-01-01T00:00:00Z', createdAt: expect.stringMatching(/^2\d{3}-.*Z$/), resources: null },
    })
    const template = '{{.status.state}} {{index .info "sandboxID"}}'
    expect((await crictl('inspect', '-o', 'go-template', '--template', template, second)).out).toBe(
      `CONTAINER_RUNNING ${sandbox}\n`,
    )
    expect(Object.keys(JSON.parse((await crictl('inspect', '-q', '--name', 'app')).out) as object)).toEqual(['status'])
    expect((await crictl('inspect', '-o', 'table', second)).out).toContain('State: CONTAINER_RUNNING\n')
    expect((await crictl('inspectp', '-o', 'table', '--latest')).out).toContain(`ID: ${sandbox}\n`)
    expect(JSON.parse((await crictl('inspect', '-l', '-n', '2')).out)).toHaveLength(2)
    const none = await crictl('inspect', '--name', 'nobody')
    expect(none.err).toContain('No IDs provided or nothing found per filter')
    expect(none.out).toContain('crictl inspect [command options] CONTAINER-ID [CONTAINER-ID...]')
  })
})
