/** Kills of the runtime service, restarts of the node, and logs through both, on the real engine. */
import { readFile, rename } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROLE_LABEL } from '../../common/engine-labels.ts'
import { EngineNode } from '../testing/engine-node.ts'
import { exited, logFile, logTexts, newPod, reconnected, shell, startPod } from '../testing/engine-pods.ts'
import type { EngineContainer } from './engine-types.ts'

let node: EngineNode

beforeAll(async () => {
  node = await EngineNode.start()
})
afterAll(() => node.dispose())

/** Roles of what runs of the node. Each is inspected: the engine's list is a moment behind. */
async function running(of: EngineNode): Promise<(string | undefined)[]> {
  const roles: (string | undefined)[] = []
  for (const { Id: id, Labels: labels } of await of.containers()) {
    const { State: state } = await of.engine.json<EngineContainer>(`/containers/${id}/json`)
    if (state.Running) roles.push(labels[ROLE_LABEL])
  }
  return roles
}

describe('a service that is killed', () => {
  it('when it is killed and started again, then everything is as it was, and the same client goes on', async () => {
    const { runtime } = node.cri
    const { pod, config, sandboxId, containerId } = await startPod(node, 'sleep 1000')
    const before = [await runtime.podSandboxStatus(sandboxId), await node.cri.runtime.containerStatus(containerId)]
    await node.killService('SIGKILL')
    await expect(runtime.version()).rejects.toMatchObject({ code: 'Unavailable' })
    await node.startService()
    await reconnected(node)
    expect([await runtime.podSandboxStatus(sandboxId), await node.cri.runtime.containerStatus(containerId)]).toEqual(
      before,
    )
    expect(await runtime.runPodSandbox(pod)).toBe(sandboxId)
    await expect(runtime.createContainer(sandboxId, config, pod)).rejects.toMatchObject({ code: 'AlreadyExists' })
    await runtime.removePodSandbox(sandboxId)
  })

  it('when it is killed in the middle of making a pod, then asking again makes no second one', async () => {
    const { runtime } = node.cri
    for (const afterMs of [5, 40, 90]) {
      const pod = newPod()
      const asked = runtime.runPodSandbox(pod).catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, afterMs))
      await node.killService('SIGKILL')
      await asked
      await node.startService()
      await reconnected(node)
      const sandboxId = await runtime.runPodSandbox(pod)
      const config = shell('sleep 1000')
      const first = await runtime.createContainer(sandboxId, config, pod)
      expect(await runtime.createContainer(sandboxId, config, pod)).toBe(first)
      const made = (await node.containers()).filter(
        ({ Labels }) => Labels['io.kubernetes.pod.uid'] === pod.metadata.uid,
      )
      expect(made.map(({ Labels }) => Labels[ROLE_LABEL]).sort()).toEqual(['container', 'sandbox'])
      await runtime.removePodSandbox(sandboxId)
    }
  })

  it('when it is killed while a container writes, then no line of the log is lost or doubled', async () => {
    const script = 'i=0; while [ $i -lt 3000 ]; do echo line-$i; i=$((i+1)); [ $((i % 100)) = 0 ] && sleep 0.05; done'
    const { pod, config, sandboxId, containerId } = await startPod(node, script)
    const path = logFile(node, { pod, config })
    for (const lines of [300, 1200]) {
      await expect
        .poll(async () => (await logTexts(path)).length, { timeout: 20_000, interval: 10 })
        .toBeGreaterThan(lines)
      await node.killService('SIGKILL')
      await node.startService()
    }
    await reconnected(node)
    await exited(node, containerId)
    const expected = Array.from({ length: 3000 }, (_, index) => `line-${index}`)
    await expect.poll(async () => (await logTexts(path)).length, { timeout: 20_000 }).toBe(3000)
    expect(await logTexts(path)).toEqual(expected)
    await node.cri.runtime.removePodSandbox(sandboxId)
  })

  it('given a log that died unseen, when the service comes back, then the log is completed', async () => {
    const { pod, config, sandboxId, containerId } = await startPod(node, 'sleep 1; echo last words')
    await node.killService('SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, 1500))
    await node.startService()
    await expect.poll(() => logTexts(logFile(node, { pod, config })), { timeout: 10_000 }).toEqual(['last words'])
    await reconnected(node)
    expect(await exited(node, containerId)).toMatchObject({ exitCode: 0 })
    await node.cri.runtime.removePodSandbox(sandboxId)
  })
})

describe('logs', () => {
  it('given a log that was rotated away, when it is reopened, then the lines go on in a new file', async () => {
    const { pod, config, sandboxId, containerId } = await startPod(
      node,
      'i=0; while :; do echo $i; i=$((i+1)); sleep 0.02; done',
    )
    const path = logFile(node, { pod, config })
    await expect.poll(async () => (await logTexts(path)).length, { timeout: 20_000 }).toBeGreaterThan(5)
    const rotated = `${path}.20260101-000000`
    await rename(path, rotated)
    await node.cri.runtime.reopenContainerLog(containerId)
    await expect.poll(async () => (await logTexts(path)).length, { timeout: 20_000 }).toBeGreaterThan(5)
    await node.killService('SIGKILL')
    await node.startService()
    await reconnected(node)
    await node.cri.runtime.stopContainer(containerId, 0)
    await exited(node, containerId)
    await node.cri.runtime.stopPodSandbox(sandboxId)
    await expect
      .poll(async () => {
        const all = [...(await logTexts(rotated)), ...(await logTexts(path))].map(Number)
        return all.every((value, index) => value === index) && all.length > 20
      })
      .toBe(true)
    await expect(node.cri.runtime.reopenContainerLog(containerId)).rejects.toMatchObject({ code: 'FailedPrecondition' })
    await node.cri.runtime.removePodSandbox(sandboxId)
  })

  it('given a long line and both streams, then parts, streams and the line end are told', async () => {
    const script = 'printf "%040000d" 0; echo; echo err >&2; printf no-newline'
    const { pod, config, sandboxId, containerId } = await startPod(node, script)
    await exited(node, containerId)
    await node.cri.runtime.stopContainer(containerId, 1)
    await expect.poll(async () => (await logTexts(logFile(node, { pod, config }))).length).toBeGreaterThanOrEqual(5)
    const lines = (await readFile(logFile(node, { pod, config }), 'utf8')).trimEnd().split('\n')
    const stdout = lines.filter((line) => / stdout [PF] 0/.test(line))
    expect(stdout.map((line) => line.split(' ')[2])).toEqual(['P', 'P', 'F'])
    expect(stdout.map((line) => line.split(' ')[3]).join('')).toBe('0'.repeat(40_000))
    expect(lines.some((line) => line.endsWith(' stderr F err'))).toBe(true)
    expect(lines.at(-1)).toContain('no-newline')
    await node.cri.runtime.removePodSandbox(sandboxId)
  })
})

describe('the node’s power', () => {
  it('when the node stops and starts, then pods of the boot before are dead for good and new ones can be made', async () => {
    const { runtime } = node.cri
    const { sandboxId, containerId } = await startPod(node, 'sleep 1000')
    await node.engine.text(`/containers/${node.service.nodeContainer}/stop`, { method: 'POST', query: { t: 1 } })
    await expect.poll(() => running(node), { timeout: 20_000 }).toEqual([])
    expect((await runtime.podSandboxStatus(sandboxId)).state).toBe('SANDBOX_NOTREADY')
    await expect(runtime.runPodSandbox(newPod())).rejects.toMatchObject({ code: 'FailedPrecondition' })
    await node.engine.text(`/containers/${node.service.nodeContainer}/start`, { method: 'POST' })
    await expect
      .poll(() => runtime.runPodSandbox(newPod()).catch(() => ''), { timeout: 20_000 })
      .toMatch(/^[0-9a-f]{64}$/)
    expect(await runtime.containerStatus(containerId)).toMatchObject({ state: 'CONTAINER_EXITED', exitCode: 137 })
    await expect(runtime.startContainer(containerId)).rejects.toMatchObject({ code: 'FailedPrecondition' })
    await runtime.removePodSandbox(sandboxId)
    await expect(runtime.containerStatus(containerId)).rejects.toMatchObject({ code: 'NotFound' })
  })

  it('given a node that restarted while the service was away, when the service serves, then the old pods are dead', async () => {
    const { sandboxId } = await startPod(node, 'sleep 1000')
    await node.killService('SIGKILL')
    await node.engine.text(`/containers/${node.service.nodeContainer}/restart`, { method: 'POST', query: { t: 1 } })
    await node.startService()
    expect(await running(node)).toEqual(['node'])
    await reconnected(node)
    expect((await node.cri.runtime.podSandboxStatus(sandboxId)).state).toBe('SANDBOX_NOTREADY')
  })
})
