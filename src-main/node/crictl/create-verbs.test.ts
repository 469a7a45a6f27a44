import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { setUpCrictl } from './testing/set-up-crictl.ts'

describe('given files that describe a pod and a container', () => {
  it('when they are run, then the pod is made, with defaults, and its container runs', async () => {
    const { crictl, runtime, folder } = await setUpCrictl()
    const [pod, container] = [path.join(folder, 'pod.json'), path.join(folder, 'container.yaml')]
    const metadata = { name: 'hand', namespace: 'default', attempt: 1 }
    writeFileSync(pod, JSON.stringify({ metadata, log_directory: folder, linux: {} }))
    writeFileSync(
      container,
      'metadata: {name: made}\nimage: {image: "busybox:1.36"}\ncommand: [top]\nlog_path: made.log\n',
    )
    const sandbox = (await crictl('runp', pod)).out.trim()
    const id = (await crictl('create', sandbox, container, pod)).out.trim()
    expect(await crictl('start', id)).toEqual({ code: 0, out: `${id}\n`, err: '' })
    expect(await runtime.containerStatus(id)).toMatchObject({
      state: 'CONTAINER_RUNNING',
      logPath: `${folder}/made.log`,
    })
    writeFileSync(pod, JSON.stringify({ metadata: { name: 'hand' } }))
    expect((await crictl('runp', pod)).err).toContain('load podSandboxConfig: name or namespace is not in metadata')
    writeFileSync(container, 'metadata: made')
    expect((await crictl('create', sandbox, container, pod)).err).toContain('metadata must hold keys and values')
    expect((await crictl('runp', '/no/such')).err).toContain('config at /no/such not found')
  })
})
