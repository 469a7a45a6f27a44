/** The kubelet's API on a real node, asked with curl from a shell on it and by a WebSocket client as kubectl's. */
import { spawn } from 'node:child_process'
import { Duplex } from 'node:stream'
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Pod, PodList } from '../../src-main/common/api/core.ts'
import { execIn } from '../support/engine-api.ts'
import { RUN_FOREVER, shellManifest } from '../support/manifests.ts'
import { TestLab } from '../support/test-lab.ts'
import { waitUntil } from '../support/wait-until.ts'

const lab = new TestLab('kubelet-api')
const CONFIG = '/var/lib/kubelet/config.yaml'
const SECURE = 'https://localhost:10250'
const CLIENT = '--cert /root/pki/ada.crt --key /root/pki/ada.key'
const TALK = 'default/talk-node01/main'
let talk: Pod

/** What a command said on a terminal of the node. */
const shell = async (command: string): Promise<string> =>
  (await execIn(`node-lab.${lab.name}.node01`, 'bash', '-c', command)).replaceAll('\r\n', '\n')

/** `STATUS BODY`. */
async function curl(words: string): Promise<string> {
  const answer = await shell(`curl -sk --max-time 20 -w '\\n%{http_code}' ${words} || true`)
  const at = answer.trimEnd().lastIndexOf('\n')
  return `${answer.trimEnd().slice(at + 1)} ${answer.slice(0, at)}`
}

/** Edits the node's configuration and starts the kubelet again; resolves when its API answers. */
async function configure(sed: string): Promise<void> {
  await shell(`sed -i '${sed}' ${CONFIG} && systemctl restart kubelet`)
  await waitUntil({ what: 'the API to answer', timeoutSeconds: 60 }, async () =>
    (await curl(`${SECURE}/healthz`)).startsWith('000') ? undefined : true,
  )
}

beforeAll(async () => {
  await lab.ok('up', '--nodes', '1')
  const script = `for i in 1 2 3; do echo line $i; done; while :; do echo hello | nc -l -p 7000; done & ${RUN_FOREVER}`
  await lab.drop('talk.yaml', shellManifest('talk', script))
  await lab.drop('guest.yaml', shellManifest('guest', RUN_FOREVER, { hostNetwork: true }))
  talk = await lab.waitForRunning('talk-node01')
  await lab.waitForRunning('guest-node01')
})

afterAll(() => lab.dispose())

describe('given a node as it comes', () => {
  it('when it is asked on the read-only port, then it tells what it runs, and 10250 knows nobody', async () => {
    const { items } = JSON.parse((await curl('localhost:10255/pods')).slice(4)) as PodList
    const seen = items.map(({ metadata, status }) => `${metadata.name} ${status?.phase}`)
    expect(seen.sort()).toEqual(['guest-node01 Running', 'talk-node01 Running'])
    expect(items.map(({ metadata }) => metadata.uid)).toContain(talk.metadata.uid)
    expect(await curl('localhost:10255/healthz')).toBe('200 ok')
    expect(await curl('localhost:10248/healthz')).toBe('200 ok')
    expect(await curl('localhost:10255/stats/summary')).toContain('"workingSetBytes"')
    expect(await curl('localhost:10255/metrics')).toMatch(/^kubelet_pod_start_duration_seconds_count 2$/m)
    expect(await curl('localhost:10255/metrics/resource')).toMatch(/^node_cpu_usage_seconds_total /m)
    expect(await curl(`localhost:10255/containerLogs/${TALK}`)).toContain('404')
    expect(await curl(`${SECURE}/pods`)).toBe('401 Unauthorized')
    expect(await shell('stat -c %a /var/lib/kubelet/pki/kubelet.key')).toBe('600\n')
  })

  it('when a pod tries to reach it, then nothing listens on the address of the node', async () => {
    const address = talk.status?.hostIP ?? ''
    for (const port of ['10250', '10255', '10248']) {
      const tried = await lab.cli('exec', 'talk-node01', '--', 'nc', '-w', '5', address, port)
      expect(tried).toMatchObject({ exitCode: 1, stdout: '' })
      expect(tried.stderr).toContain('refused')
    }
  })

  it('when a pod in the network of the node tries, then it reads what everybody on the node may', async () => {
    const read = await lab.ok('exec', 'guest-node01', '--', 'wget', '-qO-', 'http://127.0.0.1:10255/pods')
    expect(read).toContain('"talk-node01"')
  })
})

describe('given a CA for clients', () => {
  beforeAll(async () => {
    await shell(
      [
        'mkdir -p /root/pki && cd /root/pki',
        'openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 365 -subj /CN=clients',
        'openssl req -newkey rsa:2048 -nodes -keyout ada.key -out ada.csr -subj /O=admins/CN=ada',
        'openssl x509 -req -in ada.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out ada.crt -days 30',
      ].join(' && '),
    )
    await configure('s|^authentication:|&\\n  x509:\\n    clientCAFile: /root/pki/ca.crt|')
  })

  it('when who has a certificate asks, then everything is there', async () => {
    const ask = (words: string): Promise<string> => curl(`${CLIENT} ${words}`)
    expect(await curl(`${SECURE}/pods`)).toBe('401 Unauthorized')
    expect(await ask(`${SECURE}/pods`)).toMatch(/^200 .*"talk-node01"/)
    expect(await ask(`${SECURE}/runningpods/`)).toMatch(/^200 .*"talk-node01"/)
    expect(await ask(`${SECURE}/configz`)).toMatch(/^200 .*"staticPodPath":"\/etc\/kubernetes\/manifests"/)
    expect(await ask(`${SECURE}/healthz/syncloop`)).toBe('200 ok')
    expect(await ask(`'${SECURE}/containerLogs/${TALK}?tailLines=2'`)).toBe('200 line 2\nline 3\n')
    expect(await ask(`${SECURE}/containerLogs/${TALK}?previous=true`)).toMatch(/^400 previous terminated container/)
    expect(await ask(`-X POST '${SECURE}/run/${TALK}?cmd=echo+a+b'`)).toBe('200 a b\n')
    expect(await ask(`${SECURE}/logs/pods/`)).toContain('default_talk-node01_')
    expect(await ask(`${SECURE}/metrics/probes`)).toBe('200 ')
    expect(await ask(`${SECURE}/metrics/cadvisor`)).toMatch(/^404 /)
  })

  it('when he runs a command as kubectl does, then streams and exit code come over', async () => {
    const said = await converse(`/exec/${TALK}?command=sh&command=-c&command=cat;exit+3&input=1&output=1&error=1`, [
      Buffer.from('\0typed'),
      Buffer.of(255, 0),
    ])
    expect(said.get(1)).toBe('typed')
    expect(JSON.parse(said.get(3) ?? '')).toMatchObject({ details: { causes: [{ reason: 'ExitCode', message: '3' }] } })
  })

  it('when he forwards a port, then what the pod sends comes over', async () => {
    const said = await converse('/portForward/default/talk-node01?port=7000', [])
    expect(said.get(0)?.slice(2)).toBe('hello\n')
  })
})

describe('given other settings', () => {
  it('when anonymous callers are let in, then they may do everything', async () => {
    await configure('/anonymous:/{n;s/false/true/}')
    expect(await curl(`${SECURE}/pods`)).toMatch(/^200 /)
    expect(await curl(`-X POST '${SECURE}/run/${TALK}?cmd=id'`)).toContain('uid=0')
  })

  it('when webhooks are asked for without an API server, then the kubelet does not start and says why', async () => {
    await shell(`sed -i '/webhook:/{n;s/false/true/}' ${CONFIG} && systemctl restart kubelet`)
    await waitUntil({ what: 'the reason in the log', timeoutSeconds: 60 }, async () =>
      (await shell('journalctl -u kubelet | tail -5')).includes(
        'failed to run Kubelet: no client provided, cannot use webhook authentication',
      )
        ? true
        : undefined,
    )
    await configure('/webhook:/{n;s/true/false/}')
    expect((await lab.waitForRunning('talk-node01')).status?.containerStatuses?.[0]?.restartCount).toBe(0)
  })
})

/** Sends messages to a stream of the API and collects what each channel says until it ends. */
async function converse(path: string, messages: Buffer[]): Promise<Map<number, string>> {
  const words = [lab.program, 'shell', 'node01', '--lab', lab.name, '--', 'socat', '-', 'TCP:127.0.0.1:10250']
  const tunnel = spawn(process.execPath, words, { env: { ...process.env, ...lab.environment } })
  const [cert, key] = [await shell('cat /root/pki/ada.crt'), await shell('cat /root/pki/ada.key')]
  const socket = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _, done) => void tunnel.stdin.write(chunk, done),
    final: (done) => void tunnel.stdin.end(done),
  })
  tunnel.stdout.on('data', (data: Buffer) => socket.push(data)).on('end', () => socket.push(null))
  const webSocket = new WebSocket(`wss://localhost${path}`, ['v5.channel.k8s.io'], {
    createConnection: () => connect({ socket, cert, key, rejectUnauthorized: false }),
  })
  const said = new Map<number, string>()
  webSocket.on('message', (message: Buffer) => {
    const channel = message[0] ?? -1
    said.set(channel, (said.get(channel) ?? '') + message.subarray(1).toString())
  })
  webSocket.on('open', () => {
    for (const message of messages) webSocket.send(message)
  })
  try {
    await new Promise((resolve, reject) => webSocket.once('close', resolve).once('error', reject))
  } finally {
    tunnel.kill()
  }
  return said
}
