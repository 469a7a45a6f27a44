/** Containers that write numbered lines at a steady pace, and what it costs to follow them. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { PodSandboxConfig } from '../cri.ts'
import type { EngineNode } from './engine-node.ts'
import { newPod, shell } from './engine-pods.ts'
import { findEnginePid, readCpuSeconds } from './process-usage.ts'

/** Waits on a pipe that nobody writes to, as ten processes a second for `sleep` would be the greater load by far. */
function writeLines(everySeconds: number): string {
  return `mkfifo /tmp/p; exec 3<>/tmp/p; i=0; while :; do echo line $i; i=$((i+1)); read -t ${everySeconds} x <&3; done`
}

export interface ChattyPod {
  pod: PodSandboxConfig
  sandboxId: string
  containerIds: string[]
}

/** @param everySeconds each writes a line */
export async function startChatty(node: EngineNode, count: number, everySeconds = 0.1): Promise<ChattyPod> {
  const { runtime } = node.cri
  const pod = newPod()
  const sandboxId = await runtime.runPodSandbox(pod)
  const containerIds: string[] = []
  for (let index = 0; index < count; index++) {
    const config = shell(writeLines(everySeconds), { name: `chatty${index}` })
    containerIds.push(await runtime.createContainer(sandboxId, config, pod))
  }
  for (const id of containerIds) await runtime.startContainer(id)
  return { pod, sandboxId, containerIds }
}

/** Texts of all lines of one container, those of rotated files first. */
export async function readAllTexts(node: EngineNode, logDirectory: string, container: string): Promise<string[]> {
  const folder = join(node.nodeRoot, logDirectory, container)
  const [current = '', ...rotated] = (await readdir(folder)).toSorted()
  const texts: string[] = []
  for (const name of [...rotated, current])
    for (const line of (await readFile(join(folder, name), 'utf8')).split('\n'))
      if (line !== '') texts.push(line.split(' ').slice(3).join(' '))
  return texts
}

/** Stops the containers and expects that all they said, from the first line on, is in their logs once. */
export async function expectNothingLost(node: EngineNode, { pod, containerIds }: ChattyPod): Promise<number> {
  const { runtime } = node.cri
  await Promise.all(containerIds.map((id) => runtime.stopContainer(id, 0)))
  let lines = 0
  for (const [index, id] of containerIds.entries()) {
    const said = await node.engine.text(`/containers/${id}/logs`, { query: { stdout: true, tail: 1 } })
    const last = Number(/line (\d+)/.exec(said)?.[1])
    const expected = Array.from({ length: last + 1 }, (_, number) => `line ${number}`)
    await expect
      .poll(() => readAllTexts(node, pod.logDirectory, `chatty${index}`), { timeout: 20_000 })
      .toEqual(expected)
    lines += expected.length
  }
  return lines
}

export interface FollowingCost {
  /** Shares of one core. */
  service: number
  engine: number
  bareFollower: number
}

/** Measures all three during the same seconds. */
export async function measureFollowing(node: EngineNode, ids: string[], seconds: number): Promise<FollowingCost> {
  const program = fileURLToPath(new URL('bare-follower.ts', import.meta.url))
  const bare = spawn(process.execPath, [program, node.engineSocket, ...ids], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await once(bare.stdout, 'data')
    const pids = [node.servicePid, await findEnginePid(node.engineSocket), bare.pid ?? 0]
    const before = await Promise.all(pids.map(readCpuSeconds))
    const began = performance.now()
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
    const after = await Promise.all(pids.map(readCpuSeconds))
    const elapsed = (performance.now() - began) / 1000
    const [service = 0, engine = 0, bareFollower = 0] = after.map(
      (used, index) => (used - (before[index] ?? 0)) / elapsed,
    )
    return { service, engine, bareFollower }
  } finally {
    bare.kill()
    if (bare.exitCode === null && bare.signalCode === null) await once(bare, 'exit')
  }
}

export function printCost({ service, engine, bareFollower }: FollowingCost): string {
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
  return `of one core: service ${percent(service)}, bare follower ${percent(bareFollower)}, engine ${percent(engine)}`
}
