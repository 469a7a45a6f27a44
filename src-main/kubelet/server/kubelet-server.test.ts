/** The kubelet's API over real HTTPS, asked as curl would ask it. */
import { once } from 'node:events'
import { appendFileSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import type { PodList } from '../../common/api/core.ts'
import { CriError } from '../../container-runtime/cri.ts'
import { aManifest } from '../testing/new-test-kubelet.ts'
import { newTestAuthority } from './testing/certificates.ts'
import { newTestServer } from './testing/new-test-server.ts'

const LOGS = '/containerLogs/default/web-node01/c'

describe('given a kubelet without pods', () => {
  it('when it is asked for them, then the list is upstream’s empty one', async () => {
    await using server = await newTestServer()
    const { status, headers, body } = await server.get('/pods')
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'application/json' })
    expect(JSON.parse(body)).toEqual({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: null })
  })

  it('when it is asked for its configuration, then it shows what is in force', async () => {
    await using server = await newTestServer({ configuration: { maxPods: 7 } })
    const { kubeletconfig } = JSON.parse((await server.get('/configz')).body) as { kubeletconfig: object }
    expect(kubeletconfig).toMatchObject({ maxPods: 7, authorization: { mode: 'AlwaysAllow' } })
    expect(kubeletconfig).not.toHaveProperty('kind')
  })
})

describe('given a running pod', () => {
  it('when pods are listed, then it has its static UID and live status, and leaves the list with its manifest', async () => {
    await using server = await newTestServer()
    const { node } = server
    node.runtime.behave('c', { onTerm: 'ignore' })
    await node.write('web.json', aManifest('web'))
    await node.write('done.json', aManifest('done', { restartPolicy: 'Never' }))
    const done = node.kubelet.runtimePod(node.pod('done').metadata.uid ?? '').containers[0]
    node.runtime.exitContainer(done?.id ?? '', 0)
    await node.pass(5000)
    const list = async () => JSON.parse((await server.get('/pods')).body) as PodList
    const names = ({ items }: PodList) => items.map(({ metadata, status }) => `${metadata.name} ${status?.phase}`)
    expect(names(await list()).sort()).toEqual(['done-node01 Succeeded', 'web-node01 Running'])
    expect((await list()).items[0]?.metadata.uid).toMatch(/^[0-9a-f]{32}$/)
    await node.remove('web.json')
    expect(names(await list())).toEqual(['done-node01 Succeeded'])
  })

  it('when running pods are listed, then they are what the runtime knows', async () => {
    await using server = await newTestServer()
    await server.node.write('web.json', aManifest('web'))
    const [pod] = (JSON.parse((await server.get('/runningpods/')).body) as PodList).items
    expect(pod).toEqual({
      metadata: { name: 'web-node01', namespace: 'default', uid: server.node.pod('web').metadata.uid },
      spec: { containers: [{ name: 'c', image: 'busybox:1.36', resources: {} }] },
      status: {},
    })
  })

  it('when its log is read, then tail, stamps, limit and time are honoured, and errors are upstream’s', async () => {
    await using server = await newTestServer()
    await server.node.write('web.json', aManifest('web'))
    server.log('web', 'one', 'two', 'three')
    const ask = async (path: string) => {
      const { status, body } = await server.get(path)
      return `${status} ${body}`
    }
    expect(await ask(`${LOGS}?tailLines=2`)).toBe('200 two\nthree\n')
    expect(await ask(`${LOGS}?limitBytes=5`)).toBe('200 one\nt')
    expect(await ask(`${LOGS}?timestamps=true&sinceTime=2026-01-01T00:00:02Z`)).toBe(
      '200 2026-01-01T00:00:02.000000000Z three\n',
    )
    expect(await ask(`${LOGS}?previous=true`)).toBe(
      '400 previous terminated container "c" in pod "web-node01" not found',
    )
    expect(await ask('/containerLogs/default/web-node01/d')).toBe('404 container "d" not found in pod "web-node01"')
    expect(await ask('/containerLogs/default/web/c')).toBe('404 pod "web" does not exist')
    expect(await ask(`${LOGS}?tailLines=-1`)).toBe('422 {"message": "Invalid request."}')
  })

  it('when it waits in CrashLoopBackOff, then its last instance is the previous one, and stays so in the next', async () => {
    await using server = await newTestServer()
    const { node } = server
    node.runtime.behave('c', { exitAfterMs: 1000, exitCode: 1 })
    await node.write('web.json', aManifest('web'))
    await node.pass(2000)
    server.log('web', 'the second')
    const previous = () => server.get(`${LOGS}?previous=true`)
    expect(node.container()).toMatchObject({ restartCount: 1, state: { waiting: { reason: 'CrashLoopBackOff' } } })
    expect(await previous()).toMatchObject({ status: 200, body: 'the second\n' })
    expect((await server.get(LOGS)).body).toBe('the second\n')
    node.runtime.behave('c', {})
    await node.pass(10_000)
    server.log('web', 'the third')
    expect(node.container()).toMatchObject({ restartCount: 2, state: { running: {} } })
    expect((await previous()).body).toBe('the second\n')
    expect((await server.get(LOGS)).body).toBe('the third\n')
  })

  it('when its log is followed, then new lines come until the caller goes', async () => {
    await using server = await newTestServer()
    await server.node.write('web.json', aManifest('web'))
    const file = server.log('web', 'one')
    const port = server.ports.secure ?? 0
    const outgoing = request({ host: '127.0.0.1', port, path: `${LOGS}?follow=true`, rejectUnauthorized: false }).end()
    let heard = ''
    outgoing.on('response', (response) => response.on('data', (data: Buffer) => void (heard += data.toString())))
    await expect.poll(() => heard).toBe('one\n')
    appendFileSync(file, '2026-01-01T00:00:09.0Z stdout F two\n')
    await expect.poll(() => heard).toBe('one\ntwo\n')
    const timers = server.node.clock.pendingTimers
    outgoing.on('error', () => undefined).destroy()
    await expect.poll(() => server.node.clock.pendingTimers).toBeLessThan(timers)
  })

  it('when a command is run in it, then the answer is what it said, or how it failed', async () => {
    await using server = await newTestServer()
    const exec = ([command]: string[]) =>
      command === 'ls' ? { stdout: Buffer.from('bin\n') } : { exitCode: 2, stderr: Buffer.from('what?\n') }
    server.node.runtime.behave('c', { exec })
    await server.node.write('web.json', aManifest('web'))
    const run = async (container: string, command: string) => {
      const path = `/run/default/web-node01/${container}?cmd=${encodeURIComponent(command)}`
      const { status, body } = await server.get(path, { method: 'POST' })
      return `${status} ${body}`
    }
    server.node.runtime.failNext('execSync', new CriError('Unknown', 'no such program'))
    expect(await run('c', 'nope')).toBe('500 rpc error: code = Unknown desc = no such program')
    expect(await run('c', 'ls -l /')).toBe('200 bin\n')
    expect(server.node.runtime.callsOf('execSync').at(-1)?.args.slice(1)).toEqual([['ls', '-l', '/'], 0])
    expect(await run('c', 'sl /')).toBe("500 command 'sl /' exited with 2: what?\n")
    expect(await run('d', 'ls')).toBe('500 container not found ("d")')
    expect((await server.get('/run/default/gone/c?cmd=ls', { method: 'POST' })).body).toBe('pod does not exist')
  })

  it('when metrics are read, then calls, relists, starts and probes have been counted', async () => {
    await using server = await newTestServer()
    const probe = { exec: { command: ['true'] }, periodSeconds: 1 }
    const containers = [{ name: 'c', image: 'busybox:1.36', readinessProbe: probe }]
    await server.node.write('web.json', aManifest('web', { containers }))
    await server.node.pass(5000)
    const { headers, body } = await server.get('/metrics')
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(body).toContain('\nkubelet_running_pods 1\n')
    expect(body).toContain('\nkubelet_running_containers{container_state="running"} 1\n')
    expect(body).toMatch(/^kubelet_pleg_relist_duration_seconds_count [1-9]/m)
    expect(body).toMatch(/^process_resident_memory_bytes \d+$/m)
    const probes = (await server.get('/metrics/probes')).body
    expect(probes).toMatch(/^prober_probe_total\{container="c",.*probe_type="Readiness",result="successful"\} [1-9]/m)
    await server.node.remove('web.json')
    await server.node.pass(120_000)
    expect((await server.get('/metrics/probes')).body).toBe('')
    expect((await server.get('/metrics')).body).toMatch(
      /^kubelet_http_requests_total\{long_running="false",method="GET",path="metrics\/probes",server_type="readwrite"\} 2$/m,
    )
  })

  it('when the use of resources is asked for, then pods and containers are in it, and a failure is said', async () => {
    await using server = await newTestServer()
    server.node.runtime.behave('c', { usage: { cores: 0.5, memoryBytes: 1000 } })
    await server.node.write('web.json', aManifest('web'))
    await server.node.pass(10_000)
    const summary = JSON.parse((await server.get('/stats/summary')).body) as { pods: unknown[] }
    expect(summary).toMatchObject({
      node: { nodeName: 'node01', fs: { capacityBytes: expect.any(Number) as number } },
      pods: [{ podRef: { name: 'web-node01' }, containers: [{ name: 'c', memory: { workingSetBytes: 1000 } }] }],
    })
    expect(JSON.parse((await server.get('/stats/summary?only_cpu_and_memory=true')).body)).not.toHaveProperty('node.fs')
    expect((await server.get('/metrics/resource')).body).toContain(
      'container_memory_working_set_bytes{container="c",namespace="default",pod="web-node01"} 1000 ',
    )
    server.node.runtime.failNext('listPodSandboxStats', new CriError('Unavailable', 'gone'))
    expect((await server.get('/metrics/resource')).body).toContain('\nresource_scrape_error 1\n')
  })
})

describe('given the health of a kubelet', () => {
  it('when the runtime is gone for long, then the sync loop fails, and the port of its own still says ok', async () => {
    await using server = await newTestServer()
    expect((await server.get('/healthz')).body).toBe('ok')
    expect((await server.get('/healthz/log')).body).toBe('ok')
    server.node.runtime.setUnavailable(true)
    await server.node.pass(100_000)
    expect((await server.get('/healthz/syncloop')).status).toBe(200)
    await server.node.pass(60_000)
    expect(await server.get('/healthz/syncloop')).toMatchObject({
      status: 500,
      body: 'internal server error: sync Loop took longer than expected\n',
    })
    expect((await server.get('/healthz')).body).toBe(
      '[+]ping ok\n[+]log ok\n[-]syncloop failed: reason withheld\nhealthz check failed\n',
    )
    expect((await server.get('/healthz?exclude=syncloop')).body).toBe('ok')
    expect((await server.get('/healthz', { from: 'healthz' })).body).toBe('ok')
    expect((await server.get('/pods', { from: 'healthz' })).status).toBe(404)
    server.node.runtime.setUnavailable(false)
    await server.node.pass(2000)
    expect((await server.get('/healthz?verbose')).body).toContain('[+]syncloop ok\nhealthz check passed\n')
  })
})

describe('given the logs of a node', () => {
  it('when folders and files are asked for, then they are shown, and links lead nowhere else', async () => {
    await using server = await newTestServer()
    const folder = join(server.node.root, 'var/log')
    mkdirSync(join(folder, 'sub'), { recursive: true })
    writeFileSync(join(folder, 'a<b.log'), 'line\n')
    writeFileSync(join(folder, 'empty.log'), '')
    writeFileSync(join(folder, 'javascript:alert(1)'), '')
    symlinkSync('../a<b.log', join(folder, 'sub/inside'))
    symlinkSync('/etc/hostname', join(folder, 'sub/outside'))
    const list = (await server.get('/logs/')).body
    expect(list).toContain('<a href="a%3Cb.log">a&lt;b.log</a>\n')
    expect(list).toContain('<a href="./javascript:alert(1)">javascript:alert(1)</a>\n')
    expect((await server.get('/logs/sub')).headers['location']).toBe('sub/')
    expect((await server.get('/logs/sub/inside')).body).toBe('line\n')
    expect((await server.get('/logs/empty.log')).body).toBe('')
    for (const path of ['/logs/sub/outside', '/logs/../pki/kubelet.key', '/logs/%2e%2e/x', '/logs/none'])
      expect((await server.get(path)).status).toBe(404)
  })
})

describe('given a log that is sent', () => {
  it('when it is cut short meanwhile, then the connection ends instead of the reader waiting for the rest', async () => {
    await using server = await newTestServer()
    const folder = join(server.node.root, 'var/log')
    mkdirSync(folder, { recursive: true })
    const path = join(folder, 'big.log')
    writeFileSync(path, '')
    // More than the system holds for a reader that has not begun.
    truncateSync(path, 256 * 1024 * 1024)
    const port = server.ports.secure ?? 0
    const outgoing = request({ host: '127.0.0.1', port, path: '/logs/big.log', rejectUnauthorized: false }).end()
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    truncateSync(path, 1)
    outgoing.on('error', () => undefined)
    await expect(text(response)).rejects.toThrow('aborted')
  })
})

describe('given who may ask', () => {
  const configuration = (clientCAFile: string, anonymous = false) => ({
    authentication: { x509: { clientCAFile }, anonymous: { enabled: anonymous } },
  })

  it('when certificates are wanted, then one of the CA is let in, none or another one is not', async () => {
    using authority = newTestAuthority()
    using stranger = newTestAuthority()
    await using server = await newTestServer({ configuration: configuration(authority.caFile) })
    expect(await server.get('/pods')).toMatchObject({ status: 401, body: 'Unauthorized' })
    expect((await server.get('/healthz')).status).toBe(401)
    expect((await server.get('/pods', { pair: authority.issue('/O=team/CN=ada') })).status).toBe(200)
    expect((await server.get('/pods', { pair: stranger.issue('/O=team/CN=ada') })).status).toBe(401)
    expect((await server.get('/pods', { from: 'readOnly' })).status).toBe(200)
    expect((await server.get('/configz', { from: 'readOnly' })).status).toBe(404)
  })

  it('when an authoriser decides, then it hears user, groups and subresource', async () => {
    using authority = newTestAuthority()
    const asked: string[] = []
    await using server = await newTestServer({
      configuration: { ...configuration(authority.caFile, true), authorization: { mode: 'Webhook' } },
      reviewers: {
        tokens: { review: () => Promise.resolve(undefined) },
        access: {
          isAllowed({ name, groups }, { verb, subresource, nodeName }) {
            asked.push(`${name} ${groups.join(',')} ${verb} ${nodeName}/${subresource}`)
            return Promise.resolve(name === 'ada' && subresource === 'proxy')
          },
        },
      },
    })
    expect((await server.get('/pods', { pair: authority.issue('/O=one/O=two/CN=ada') })).status).toBe(200)
    expect(await server.get('/metrics')).toMatchObject({
      status: 403,
      body: 'Forbidden (user=system:anonymous, verb=get, resource=nodes, subresource(s)=[metrics])\n',
    })
    expect(asked).toEqual([
      'ada one,two,system:authenticated get node01/pods',
      'ada one,two,system:authenticated get node01/proxy',
      'system:anonymous system:unauthenticated get node01/metrics',
    ])
  })
})
