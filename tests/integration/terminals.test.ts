/** Terminals on the real engine: shells on a node, in containers and for kubectl, as the app's backend gives them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src-main/base/clock.ts'
import { findContainerStatus } from '../../src-main/common/api/pod-helpers.ts'
import type { TerminalStatus, TerminalTarget } from '../../src-main/common/lab/terminal.ts'
import { createLabManager } from '../../src-main/lab/create-lab-manager.ts'
import type { LabManager } from '../../src-main/lab/lab-manager.ts'
import { TerminalSessions } from '../../src-main/shell/app/terminals/terminal-sessions.ts'
import { ControlPlaneLab } from '../support/control-plane-lab.ts'
import { execIn } from '../support/engine-api.ts'
import { RUN_FOREVER, shellManifest } from '../support/manifests.ts'
import { waitUntil } from '../support/wait-until.ts'

const lab = new ControlPlaneLab('terminals')
const NODE: TerminalTarget = { kind: 'node', node: 'node01' }
const CONTAINER: TerminalTarget = {
  kind: 'container',
  node: 'node01',
  namespace: 'default',
  pod: 'steady-node01',
  container: 'main',
}
const CTRL_C = '\u0003'
const CTRL_P = '\u0010'
let manager: LabManager
let sessions: TerminalSessions

/** A page that looks at a terminal; while it is `asleep`, it takes nothing. */
class Page {
  readonly status: TerminalStatus
  output = ''
  length = 0
  isContinuous = true
  isEnded = false
  asleep: Promise<void> = Promise.resolve()

  constructor(status: TerminalStatus) {
    this.status = status
    void this.#read()
  }

  type(text: string): void {
    sessions.input(this.status.id, text)
  }

  /** Resolves with what came since, when it matches. */
  async see(pattern: RegExp): Promise<string> {
    return waitUntil({ what: `${pattern}`, intervalMs: 20 }, () => {
      const match = pattern.exec(this.output)
      if (match === null) throw new Error(JSON.stringify(this.output.slice(-500)))
      this.output = this.output.slice(match.index + match[0].length)
      return match[0]
    })
  }

  async end(): Promise<TerminalStatus | undefined> {
    await waitUntil({ what: 'the end of the terminal', intervalMs: 20 }, async () => (this.isEnded ? true : undefined))
    return sessions.list(lab.name).find(({ id }) => id === this.status.id)
  }

  async #read(): Promise<void> {
    const output = sessions.output({ terminal: this.status.id }, new AbortController().signal)
    for await (const { offset, text } of output) {
      this.isContinuous &&= offset === this.length
      this.length = offset + text.length
      this.output = (this.output + text).slice(-200_000)
      await this.asleep
    }
    this.isEnded = true
  }
}

async function open(target: TerminalTarget): Promise<Page> {
  return new Page(await sessions.open({ lab: lab.name, target, columns: 90, rows: 30 }))
}

/** Processes of terminals that are on the node. */
const leftOnNode = (): Promise<string> =>
  execIn(
    `node-lab.${lab.name}.node01`,
    'bash',
    '-c',
    'grep -lza ^NODE_LAB_TERMINAL= /proc/[0-9]*/environ 2>/dev/null; true',
  )

beforeAll(async () => {
  await lab.up('--nodes', '1')
  await lab.drop('steady.yaml', shellManifest('steady', RUN_FOREVER))
  const bare = { name: 'main', image: 'registry.k8s.io/pause:3.10' }
  await lab.drop('bare.yaml', shellManifest('bare', '', { containers: [bare] }))
  await lab.waitForRunning('steady-node01')
  await lab.waitForRunning('bare-node01')
  manager = await createLabManager({ home: lab.home })
  sessions = new TerminalSessions(manager, systemClock())
})

afterAll(async () => {
  await sessions.dispose()
  await manager.dispose()
  await lab.dispose()
})

describe('a shell on a node', () => {
  it('given a page of a size, when commands are typed, then it is a login shell in UTF-8 at root’s home, and sees each size', async () => {
    const page = await open(NODE)
    await page.see(/root@node01:~# /)
    page.type('pwd; k config current-context; echo 노드 | wc -m; type k\r')
    await page.see(/\/root\r\nsystem:node:node01@kubernetes\r\n3\r\n.*kubectl/)
    const seeSize = async (size: string): Promise<void> => {
      // The engine sets a size beside the stream of input.
      page.type(`until [ "$(stty size)" = "${size}" ]; do sleep 0.1; done; echo seen\r`)
      await page.see(/\rseen/)
    }
    await seeSize('30 90')
    for (const columns of [100, 110, 120]) sessions.resize(page.status.id, { columns, rows: 40 })
    await seeSize('40 120')
    page.type('exit 4\r')
    expect(await page.end()).toMatchObject({ state: 'ended', exitCode: 4 })
  })

  it('given commands that were typed, when Ctrl+P is pressed, then the newest is there at once', async () => {
    const page = await open(NODE)
    await page.see(/root@node01:~# /)
    page.type(`echo ear''lier\r`)
    await page.see(/\rearlier\r\n.*root@node01:~# /s)
    page.type(CTRL_P)
    await page.see(/echo ear''lier/)
    await sessions.close(page.status.id)
  })

  it('given a shell with a program in it, when the terminal is closed, then neither is left on the node', async () => {
    const page = await open(NODE)
    page.type('sleep 1000\r')
    await page.see(/sleep 1000/)
    await waitUntil({ what: 'the sleep' }, async () => ((await leftOnNode()).split('\n').length > 2 ? true : undefined))
    await sessions.close(page.status.id)
    await waitUntil({ what: 'nothing to be left' }, async () => ((await leftOnNode()) === '' ? true : undefined))
  })

  it('given a page that sleeps, when a program floods, then it is held up; Ctrl+C ends it when the page is awake', async () => {
    const page = await open(NODE)
    await page.see(/root@node01:~# /)
    const awake = Promise.withResolvers<void>()
    page.asleep = awake.promise
    page.type('yes flood\r')
    const written = (): Promise<string> =>
      execIn(`node-lab.${lab.name}.node01`, 'sh', '-c', 'grep wchar /proc/$(pgrep -x yes)/io')
    await waitUntil({ what: 'yes to be held up', intervalMs: 250 }, async () => {
      const before = await written()
      return (await written()) === before ? true : undefined
    })
    page.type(CTRL_C)
    page.asleep = Promise.resolve()
    awake.resolve()
    await page.see(/\^C\r\n.*root@node01:~# /)
    expect(page.isContinuous).toBe(true)
    // What was on its way is bounded: by the app's limits, and by the engine's pipes.
    expect(page.length).toBeLessThan(4_000_000)
  })

  it('given 50 MB of text, when they are shown, then all of it comes through, and the terminal goes on', async () => {
    const page = await open(NODE)
    await page.see(/root@node01:~# /)
    const before = page.length
    page.type("head -c 50000000 /dev/zero | tr '\\0' x | fold -w 99; echo; echo all of it\r")
    await page.see(/\nall of it\r\n/)
    expect(page.isContinuous).toBe(true)
    expect(page.length - before).toBeGreaterThan(50_000_000)
  })
})

describe('a shell in a container', () => {
  it('given a container whose kubelet is stopped, when a shell is opened, then it works, under a prompt that says where', async () => {
    const node = await open(NODE)
    node.type('systemctl stop kubelet; echo stopped\r')
    await node.see(/\rstopped/)
    const page = await open(CONTAINER)
    page.type('hostname\r')
    await page.see(/steady-node01\/main:\/# .*\r\nsteady-node01/s)
    node.type('systemctl start kubelet; echo started\r')
    await node.see(/\rstarted/)
    await sessions.close(page.status.id)
  })

  it('given a shell, when its container crashes, then the terminal ends as killed, and the new container can be entered', async () => {
    await lab.waitForRunning('steady-node01')
    const page = await open(CONTAINER)
    await page.see(/main:\/# /)
    await lab.ok('crash', 'steady-node01')
    expect(await page.end()).toMatchObject({ state: 'ended', exitCode: 137 })
    const pod = await lab.waitForRunning('steady-node01', 1)
    expect(findContainerStatus(pod, 'main')?.restartCount).toBe(1)
    const again = await open(CONTAINER)
    again.type('echo again\r')
    await again.see(/\r\nagain/)
  })

  it('given an image without a shell, when one is wanted, then the error says so', async () => {
    await expect(open({ ...CONTAINER, pod: 'bare-node01' })).rejects.toMatchObject({
      kind: 'Unavailable',
      details: { reason: 'NoShell' },
    })
  })
})

describe('a shell for kubectl', () => {
  it('given a control plane, when kubectl is typed, then it speaks with the cluster, is completed by Tab, and has its alias', async () => {
    const page = await open({ kind: 'kubectl' })
    await page.see(/kubectl on controlplane:~# /)
    page.type('kubectl get nodes -o name\r')
    await page.see(/node\/node01/)
    page.type('k get no\t')
    await page.see(/k get no\S*des/)
    page.type(`${CTRL_C}`)
  })
})
