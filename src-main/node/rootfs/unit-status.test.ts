import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const STATUS = path.resolve(
  import.meta.dirname,
  '../../../resources/images/node/rootfs/usr/lib/node-lab/unit-status.sh',
)

/** What `systemctl status` says of the kubelet's main process. */
function showProcesses(pid: number): string[] {
  const script = `. "$1"; declare -A state=([MainPID]=${pid} [ExitCode]= [LastPID]=${pid}); show_processes kubelet.service`
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script, 'bash', STATUS], { encoding: 'utf8' })
  expect(stderr).toBe('')
  return stdout.split('\n').slice(0, -1)
}

describe('the main process in systemctl status', () => {
  it('given one that runs, then its tasks, memory and command are shown', () => {
    const lines = showProcesses(process.pid)
    expect(lines).toHaveLength(6)
    expect(lines[2]).toMatch(/^ {5}Memory: [\d.]+[KMG]$/)
    expect(lines[5]).toMatch(/└─\d+ .*node/)
  })

  it('given one that is just ending, or has ended, then its number is shown and no complaint of the shell', async () => {
    // The shell becomes a program that never asks how its child ended, which so stays as it is while it ends.
    const parent = spawn('bash', ['-c', 'true & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer]
      const pid = Number(line.toString())
      await expect.poll(() => showProcesses(pid)).toEqual([`   Main PID: ${pid}`])
    } finally {
      parent.kill('SIGKILL')
    }
    expect(showProcesses(2 ** 22 + 1)).toEqual([`   Main PID: ${2 ** 22 + 1}`])
  })
})
