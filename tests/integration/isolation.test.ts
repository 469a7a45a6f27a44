/** What a lab may touch on the laptop, and what it leaves behind: looked at from the engine's side. */
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  engineApi,
  execIn,
  inspectContainer,
  listContainers,
  listEverything,
  removeContainer,
  type ContainerInspection,
} from '../support/engine-api.ts'
import { RUN_FOREVER, shellManifest } from '../support/manifests.ts'
import { TestLab } from '../support/test-lab.ts'
import { waitUntil } from '../support/wait-until.ts'

const first = new TestLab('first')
const second = new TestLab('second', first.home)

async function inspectAll(lab: TestLab): Promise<ContainerInspection[]> {
  return Promise.all((await listContainers(`label=${lab.label}`)).map((id) => inspectContainer(id)))
}

/** Objects of somebody else, which no lab may touch. */
const foreign = `foreign-${process.pid}`

/** What of the labs is left on the engine, and what of the foreign objects is still there. */
async function inventory(): Promise<{ ours: string[]; foreign: string[] }> {
  const names = await listEverything()
  return {
    ours: names.filter((name) => name.includes(`.${first.name}`) || name.includes(`.${second.name}`)),
    foreign: names.filter((name) => name.includes(foreign)),
  }
}

beforeAll(async () => {
  await first.ok('up', '--nodes', '1')
  const { Image: image } = await inspectContainer(`node-lab.${first.name}.node01`)
  await engineApi('POST', '/volumes/create', { Name: foreign })
  await engineApi('POST', '/networks/create', { Name: foreign })
  await engineApi('POST', `/images/${image}/tag?repo=${foreign}&tag=latest`)
  await engineApi('POST', `/containers/create?name=${foreign}`, {
    Image: `${foreign}:latest`,
    Entrypoint: ['sleep'],
    Cmd: ['3600'],
    HostConfig: { NetworkMode: 'none' },
  })
  await engineApi('POST', `/containers/${foreign}/start`)
  await second.ok('up', '--nodes', '2')
})

afterAll(async () => {
  await removeContainer(foreign)
  await engineApi('DELETE', `/images/${foreign}:latest`)
  await engineApi('DELETE', `/networks/${foreign}`)
  await engineApi('DELETE', `/volumes/${foreign}`)
  await first.ok('delete')
  await second.dispose()
})

describe('given two labs side by side', () => {
  it('when both run the same pod, then each has its own, and neither sees the other', async () => {
    for (const lab of [first, second]) await lab.drop('same.yaml', shellManifest('same', RUN_FOREVER))
    const pods = [await first.waitForRunning('same-node01'), await second.waitForRunning('same-node01')]
    expect(new Set(pods.map((pod) => pod.status?.podIP)).size).toBe(2)
    expect(await first.pods()).toHaveLength(1)
  })

  it('when the engine is asked, then only runtime services have its socket, nothing is privileged, and ports are on 127.0.0.1', async () => {
    for (const container of [...(await inspectAll(first)), ...(await inspectAll(second))]) {
      const role = container.Config.Labels['io.node-lab.role']
      const sockets = container.Mounts.filter(
        (mount) => /docker.*\.sock$/.test(mount.Source) || /docker\.sock$/.test(mount.Destination),
      )
      expect(sockets, container.Name).toHaveLength(role === 'runtime' ? 1 : 0)
      expect(container.HostConfig.Privileged, container.Name).toBe(false)
      expect(container.HostConfig.CapAdd ?? [], container.Name).toEqual([])
      expect(container.HostConfig.Devices ?? [], container.Name).toEqual([])
      expect((container.HostConfig.SecurityOpt ?? []).filter((option) => option.includes('unconfined'))).toEqual([])
      for (const bindings of Object.values(container.NetworkSettings.Ports)) {
        for (const binding of bindings ?? []) expect(binding.HostIp, container.Name).toBe('127.0.0.1')
      }
      const binds = container.Mounts.filter((mount) => mount.Type === 'bind').map((mount) => mount.Destination)
      const allowed = role === 'node' ? ['/etc/kubernetes/manifests'] : role === 'runtime' ? ['/run/docker.sock'] : []
      expect(binds, container.Name).toEqual(allowed)
    }
  })

  it('when `up` is said again, then nothing is made anew', async () => {
    const ids = async (): Promise<string[]> =>
      (await listContainers(`label=${second.label}`, 'status=running')).toSorted()
    const before = await ids()
    await second.ok('up', '--nodes', '2')
    expect(await ids()).toEqual(before)
  })

  it('when what makes up a lab is removed behind its back, then `up` repairs it', async () => {
    await removeContainer(`node-lab.${second.name}.node02`)
    await removeContainer(`node-lab.${second.name}.node01.runtime`)
    await second.ok('up')
    await second.drop('again.yaml', shellManifest('again', RUN_FOREVER), 'node02')
    await second.waitForRunning('again-node02')
    await second.waitForRunning('same-node01')
  })

  it('when a manifest folder holds hostile things, then they are refused in words and other pods go on', async () => {
    const folder = await first.manifestsFolder()
    symlinkSync('/etc/passwd', join(folder, 'passwd.yaml'))
    symlinkSync('/dev/zero', join(folder, 'zero.yaml'))
    mkdirSync(join(folder, 'folder'))
    writeFileSync(join(folder, 'bomb.yaml'), aliasBomb())
    await execIn(`node-lab.${first.name}.node01`, 'mkfifo', '/etc/kubernetes/manifests/fifo.yaml')
    await waitUntil({ what: 'a verdict for each', timeoutSeconds: 60 }, async () => {
      const names = (await first.files()).map((file) => file.name)
      return ['passwd.yaml', 'zero.yaml', 'folder', 'bomb.yaml', 'fifo.yaml'].every((name) => names.includes(name))
        ? true
        : undefined
    })
    for (const file of await first.files()) {
      if (file.name !== 'same.yaml') expect(file.state, file.name).not.toBe('accepted')
      if (file.state === 'rejected') expect(file.explanation, file.name).not.toBe('')
    }
    expect((await first.pod('same-node01'))?.status?.phase).toBe('Running')
    for (const name of readdirSync(folder)) if (name !== 'same.yaml') rmSync(join(folder, name), { recursive: true })
  })

  it("when a pod wants the host's IPC namespace, then it gets the node's", async () => {
    await first.drop('ipc.yaml', shellManifest('ipc', RUN_FOREVER, { hostIPC: true }))
    await first.waitForRunning('ipc-node01')
    const ofPod = await first.ok('exec', 'ipc-node01', '--', 'readlink', '/proc/1/ns/ipc')
    expect(ofPod).toBe(await first.ok('shell', 'node01', '--', 'readlink', '/proc/1/ns/ipc'))
    await first.ok('remove', 'node01', 'ipc.yaml')
    await first.waitForGone('ipc-node01')
  })

  it('when hostPath asks for more than the node, then the pod says why and does not run', async () => {
    const outside = shellManifest('outside', RUN_FOREVER, { volumes: [{ name: 'root', hostPath: { path: '/' } }] })
    const manifest = JSON.parse(outside) as { spec: { containers: { volumeMounts?: unknown[] }[] } }
    const container = manifest.spec.containers[0]
    if (container !== undefined) container.volumeMounts = [{ name: 'root', mountPath: '/host' }]
    await first.drop('outside.yaml', JSON.stringify(manifest))
    const pod = await first.waitForPod('outside-node01', 'refused', (candidate) => {
      const waiting = candidate.status?.containerStatuses?.[0]?.state.waiting
      return waiting?.message !== undefined && waiting.message !== ''
    })
    expect(pod.status?.phase).toBe('Pending')
    await first.ok('remove', 'node01', 'outside.yaml')
    await first.waitForGone('outside-node01')
  })
})

describe('given the two labs are deleted', () => {
  it('when the engine is looked at, then nothing of them is left and nothing of others was touched', async () => {
    const before = (await inventory()).foreign
    expect(before).toHaveLength(4)
    await first.ok('delete')
    expect((await listContainers(`label=${second.label}`, 'status=running')).length).toBeGreaterThanOrEqual(4)
    await second.ok('delete')
    expect(await inventory()).toEqual({ ours: [], foreign: before })
    expect((await inspectContainer(foreign)).State.Running).toBe(true)
    expect(readdirSync(join(first.home, 'labs'))).toEqual([])
  })
})

/** Nine levels of aliases, nine each: a billion nodes if somebody expands them. */
function aliasBomb(): string {
  const levels = ['a: &a [x, x, x, x, x, x, x, x, x]']
  for (let level = 1; level < 9; level++) {
    const name = String.fromCharCode(97 + level)
    const previous = String.fromCharCode(96 + level)
    levels.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${previous}`).join(', ')}]`)
  }
  return `apiVersion: v1\nkind: Pod\nmetadata: {name: bomb}\n${levels.join('\n')}\n`
}
