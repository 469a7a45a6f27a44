/** That a containerd of ours leaves nothing behind, however its test ends. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import type { PodSandboxConfig } from '../../../src-main/container-runtime/cri.ts'
import { aContainerConfig, aPodSandboxConfig } from '../../../src-main/container-runtime/testing/configs.ts'
import { engineSocket, findProductImage } from '../../../src-main/container-runtime/testing/engine-images.ts'
import { waitUntil } from '../wait-until.ts'
import { removeLeftovers } from './containerd-leftovers.ts'
import { PrivateContainerd } from './private-containerd.ts'

/** Processes whose command line names it, on the whole machine. */
async function processesOf(name: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry) && entry !== `${process.pid}`)
  const named = pids.map(async (pid) => {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    return words.includes(name) ? [pid] : []
  })
  return (await Promise.all(named)).flat()
}

async function controlGroupsOf(name: string): Promise<string[]> {
  const hierarchies = (await readdir('/sys/fs/cgroup')).map((entry) => `/sys/fs/cgroup/${entry}/${name}`)
  return [`/sys/fs/cgroup/${name}`, ...hierarchies].filter((path) => existsSync(path))
}

async function runPod(containerd: PrivateContainerd, image: string): Promise<void> {
  const { runtime } = containerd.cri
  const config: PodSandboxConfig = aPodSandboxConfig()
  config.linux.cgroupParent = `${containerd.controlGroup}/pod`
  const sandboxId = await runtime.runPodSandbox(config)
  const container = aContainerConfig({ image: { image }, logPath: '' })
  await runtime.startContainer(await runtime.createContainer(sandboxId, container, config))
}

/** A test process that starts a containerd, tells its folder, and goes on for ever. */
function startElsewhere(images: string[]): { killed: () => Promise<void>; folder: Promise<string> } {
  const program = `
    import { PrivateContainerd } from ${JSON.stringify(new URL('private-containerd.ts', import.meta.url).href)}
    const containerd = await PrivateContainerd.start(${JSON.stringify({ engineSocket: engineSocket(), images })})
    console.log(containerd.layout.folder)
    setInterval(() => undefined, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const folder = once(createInterface(child.stdout), 'line').then(([line]) => line as string)
  const killed = async (): Promise<void> => {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  return { killed, folder }
}

describe('PrivateContainerd', () => {
  it('given a pod that runs, when it is disposed, then no process, mount, control group or file of it is left', async () => {
    const image = findProductImage('busybox')
    const images: [string, string] = [findProductImage('pause'), image]
    const containerd = await PrivateContainerd.start({ engineSocket: engineSocket(), images })
    const name = basename(containerd.layout.folder)
    try {
      await runPod(containerd, image)
      expect((await processesOf(name)).length).toBeGreaterThanOrEqual(2)
      expect(await controlGroupsOf(name)).not.toEqual([])
      expect(await readFile('/proc/self/mountinfo', 'utf8')).not.toContain(name)
    } finally {
      await containerd.dispose()
    }
    expect(await processesOf(name)).toEqual([])
    expect(await controlGroupsOf(name)).toEqual([])
    expect(existsSync(containerd.layout.folder)).toBe(false)
  })

  it('given a test process that is killed, then its containerd dies with it, and the next start removes its files', async () => {
    const elsewhere = startElsewhere([findProductImage('pause')])
    const folder = await elsewhere.folder
    const name = basename(folder)
    expect(await processesOf(name)).not.toEqual([])
    await elsewhere.killed()
    await waitUntil({ what: 'the end of its containerd' }, async () =>
      (await processesOf(name)).length === 0 ? true : undefined,
    )
    expect(existsSync(folder)).toBe(true)
    await removeLeftovers()
    expect(existsSync(folder)).toBe(false)
    expect(await controlGroupsOf(name)).toEqual([])
  })
})
