import { describe, expect, it } from 'vitest'
import { setUpCrictl } from './testing/set-up-crictl.ts'

describe('given a node with a pod whose container was restarted', () => {
  it('when containers are listed, then the running one, or with -a both, the newest first', async () => {
    const { crictl, first, second } = await setUpCrictl()
    const running = (await crictl('ps')).out.split('\n')
    expect(running[0]?.split(/ {2,}/)).toEqual([
      'CONTAINER',
      'IMAGE',
      'CREATED',
      'STATE',
      'NAME',
      'ATTEMPT',
      'POD ID',
      'POD',
      'NAMESPACE',
    ])
    expect(running).toHaveLength(3)
    expect(running[1]).toContain('2 minutes ago')
    expect(running[1]).toContain('Running')
    expect((await crictl('ps', '-aq')).out).toBe(`${second}\n${first}\n`)
    expect((await crictl('ps', '--state', 'exited', '-q')).out).toBe(`${first}\n`)
    expect((await crictl('ps', '-q', '--name', 'nobody')).out).toBe('')
  })

  it('when pods are listed, then likewise, or only their ids', async () => {
    const { crictl, sandbox } = await setUpCrictl()
    expect((await crictl('pods')).out).toContain('Ready')
    expect((await crictl('pods', '-q')).out).toBe(`${sandbox}\n`)
  })
})

describe('given containers to choose from', () => {
  it('when they are filtered, then by regular expression, label, image, pod and number', async () => {
    const { crictl, first, second, sandbox } = await setUpCrictl()
    const ids = async (...argv: string[]) => (await crictl('ps', '-q', ...argv)).out
    expect(await ids('--name', '^ap+$')).toBe(`${second}\n`)
    expect(await ids('--name', '^pp')).toBe('')
    expect(await ids('-n', '5')).toBe(`${second}\n${first}\n`)
    expect(await ids('-l')).toBe(`${second}\n`)
    expect(await ids('-p', sandbox, '--image', 'busybox:1.36', '--namespace', '^unknown$')).toBe(`${second}\n`)
    expect(await ids('--image', 'nginx')).toBe('')
    expect((await crictl('pods', '-q', '--namespace', '^def', '--name', 'web')).out).toBe(`${sandbox}\n`)
    expect((await crictl('pods', '-q', '--namespace', '^kube')).out).toBe('')
    expect(await ids('--label', 'no=such')).toBe('')
    expect((await crictl('ps', '--name', '(')).err).toContain('invalid regular expression "("')
    expect((await crictl('ps', '--label', 'a')).err).toContain('incorrectly specified label: a')
  })

  it('when they are shown, then as JSON, YAML, whole ids, or a line for each thing that is known', async () => {
    const { crictl, second, sandbox } = await setUpCrictl()
    expect(JSON.parse((await crictl('ps', '-o', 'json')).out)).toMatchObject({
      containers: [{ id: second, podSandboxId: sandbox, state: 'CONTAINER_RUNNING', createdAt: expect.any(String) }],
    })
    expect((await crictl('pods', '-o', 'yaml')).out).toContain(`items:\n- annotations:`)
    expect((await crictl('ps', '--no-trunc')).out).toContain(second)
    expect((await crictl('ps', '-v')).out).toContain(`ID: ${second}\nPodID: ${sandbox}\n`)
    expect((await crictl('pods', '-v')).out).toContain('Runtime: (default)')
  })
})
