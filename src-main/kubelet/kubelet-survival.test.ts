/** Restarts of the kubelet, loss of the runtime service, images that cannot be had. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CriError } from '../container-runtime/cri.ts'
import { aManifest, newTestKubelet } from './testing/new-test-kubelet.ts'

describe('an engine that somebody tidies', () => {
  it('given a pod that has done its work, when what is left of it is removed, then it has done its work still', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exitAfterMs: 1000, exitCode: 0 })
    await node.write('done.json', aManifest('done', { restartPolicy: 'Never' }))
    await node.pass(20_000)
    const before = node.container()
    expect(before.state.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' })
    const { containers, sandboxes } = node.runtime.contents
    for (const { id } of [...containers, ...sandboxes]) node.runtime.vanish(id)
    await node.pass(120_000)
    expect(node.container()).toEqual(before)
    expect(node.pod().status?.phase).toBe('Succeeded')
    expect(node.runtime.callsOf('startContainer')).toHaveLength(1)
  })
})

describe('a restart of the kubelet', () => {
  it('given running pods, then they are adopted: nothing restarts, restartCount and lastState stay', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    await node.pass(30_000)
    node.runtime.exitContainer(node.runtime.findContainer('c')?.id ?? '', 137)
    await node.pass(1000)
    const before = node.container()
    await node.restartKubelet()
    await node.pass(5000)
    expect(node.container()).toEqual(before)
    expect(before.restartCount).toBe(1)
    expect(node.runtime.callsOf('stopContainer')).toEqual([])
  })

  it('given a signal that ends it before it has begun, when it would begin, then it does not', async () => {
    await using node = await newTestKubelet()
    await node.stopKubelet()
    node.kubelet.start()
    await node.write('web.json', aManifest('web'))
    await node.pass(5000)
    expect(node.runtime.callsOf('runPodSandbox')).toEqual([])
    expect(node.timeline().filter(({ reason }) => reason === 'KubeletStarted')).toHaveLength(1)
  })

  it('given a container that died meanwhile, then it is restarted with one more restart', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    await node.stopKubelet()
    node.runtime.exitContainer(node.runtime.findContainer('c')?.id ?? '', 137)
    await node.pass(60_000)
    expect(node.runtime.callsOf('startContainer')).toHaveLength(1)
    await node.startKubelet()
    expect(node.container()).toMatchObject({ restartCount: 1, ready: true })
  })

  it('given a manifest that was removed meanwhile, then its containers are ended with 1 s of grace', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    await node.stopKubelet()
    rmSync(join(node.folder, 'web.json'))
    await node.startKubelet()
    await node.pass(3000)
    expect(node.runtime.population).toEqual({ sandboxes: 0, containers: 0 })
    expect(node.runtime.callsOf('stopContainer')[0]?.args[1]).toBe(1)
  })

  it('given a back-off, then it is forgotten and the container starts at once', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exitAfterMs: 1000, exitCode: 1 })
    await node.write('crash.json', aManifest('crash'))
    await node.pass(20_000)
    const starts = node.runtime.callsOf('startContainer').length
    await node.restartKubelet()
    expect(node.runtime.callsOf('startContainer').length).toBe(starts + 1)
  })

  it('given a completed pod, then it is not run again', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exitAfterMs: 1000 })
    await node.write('job.json', aManifest('job', { restartPolicy: 'Never' }))
    await node.pass(5000)
    await node.restartKubelet()
    await node.pass(60_000)
    expect(node.pod('job').status?.phase).toBe('Succeeded')
    expect(node.runtime.callsOf('startContainer')).toHaveLength(1)
  })

  it('given a kill between create and start of a container, then it never runs beside the one that replaces it', async () => {
    await using node = await newTestKubelet()
    node.runtime.setLatency('startContainer', 200)
    await node.write('web.json', aManifest('web'))
    node.runtime.setLatency('startContainer', 400)
    node.runtime.exitContainer(node.runtime.findContainer('c')?.id ?? '', 1)
    await node.pass(100)
    node.killKubelet()
    await node.startKubelet()
    await node.pass(5000)
    const running = node.runtime.contents.containers.filter(({ state }) => state === 'CONTAINER_RUNNING')
    expect(running.map(({ metadata }) => metadata.attempt)).toEqual([2])
  })

  it('given a log whose container was removed behind its back, then no link to it is left', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    const links = join(node.root, 'var/log/containers')
    const [link = ''] = readdirSync(links)
    await node.stopKubelet()
    rmSync(join(node.folder, 'web.json'))
    for (const { id } of node.runtime.contents.sandboxes) node.runtime.vanish(id)
    await node.startKubelet()
    await node.pass(65_000)
    expect(link).toContain('web-node01_default_c-')
    expect(readdirSync(links)).toEqual([])
  })

  it('given a timeline, then its numbers go on', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    await node.restartKubelet()
    const sequences = node.timeline().map((entry) => entry.sequence)
    expect(sequences).toEqual(sequences.map((_, index) => index + 1))
    expect(node.timeline().filter((entry) => entry.reason === 'KubeletStarted')).toHaveLength(2)
  })

  it('given a disposed kubelet, then no timer of it is left', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    await node.stopKubelet()
    expect(node.clock.pendingTimers).toBe(0)
  })
})

describe('loss of the runtime service', () => {
  it('given a running pod, when the service is away for a while, then nothing is restarted and the kubelet says so', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    node.runtime.setUnavailable(true)
    await node.pass(30_000)
    expect(node.kubelet.info()).toMatchObject({ runtimeReady: false })
    expect(node.kubelet.info().runtimeMessage).toContain('container runtime is down')
    expect(node.container().ready).toBe(true)
    node.runtime.setUnavailable(false)
    await node.pass(5000)
    expect(node.kubelet.info().runtimeReady).toBe(true)
    expect(node.container()).toMatchObject({ restartCount: 0, ready: true })
  })

  it('given a manifest dropped meanwhile, then its pod runs soon after the service is back', async () => {
    await using node = await newTestKubelet()
    node.runtime.setUnavailable(true)
    await node.pass(1000)
    await node.write('web.json', aManifest('web'))
    expect(node.pod('web').status?.phase).toBe('Pending')
    node.runtime.setUnavailable(false)
    await node.pass(1000)
    expect(node.pod('web').status?.phase).toBe('Running')
  })

  it('given a crash meanwhile, then the container is restarted soon after the service is back', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    node.runtime.setUnavailable(true)
    node.runtime.exitContainer(node.runtime.findContainer('c')?.id ?? '', 1)
    await node.pass(10_000)
    node.runtime.setUnavailable(false)
    await node.pass(1500)
    expect(node.container()).toMatchObject({ restartCount: 1, ready: true })
  })

  it('given an event stream that breaks, then a crash is noticed all the same', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    node.runtime.failNext('getContainerEvents', new CriError('Unimplemented', 'no events here'), 1000)
    node.runtime.breakEventStreams()
    await node.pass(5000)
    node.runtime.exitContainer(node.runtime.findContainer('c')?.id ?? '', 1)
    await node.pass(1100)
    expect(node.container()).toMatchObject({ restartCount: 1, ready: true })
  })
})

describe('images', () => {
  const withImage = (image: string, imagePullPolicy?: 'Always' | 'Never' | 'IfNotPresent') =>
    aManifest('web', {
      containers: [{ name: 'c', image, ...(imagePullPolicy === undefined ? {} : { imagePullPolicy }) }],
    })

  it('given an image that cannot be pulled, then ErrImagePull and ImagePullBackOff alternate at 10, 20, 40 s', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', withImage('nosuch:v1'))
    const cause =
      'rpc error: code = NotFound desc = failed to resolve reference "docker.io/library/nosuch:v1": docker.io/library/nosuch:v1: not found'
    expect(node.pod('web').status?.phase).toBe('Pending')
    expect(node.container().state.waiting).toEqual({ reason: 'ErrImagePull', message: cause })
    await node.pass(1500)
    expect(node.container().state.waiting).toEqual({
      reason: 'ImagePullBackOff',
      message: `Back-off pulling image "nosuch:v1": ErrImagePull: ${cause}`,
    })
    await node.pass(74_500)
    const pulls = node.runtime.callsOf('pullImage').map((call) => call.atMs)
    expect(pulls.slice(1).map((pull, index) => (pull - (pulls[index] ?? 0)) / 1000)).toEqual([10, 20, 40])
    const messages = node.timeline().map((entry) => entry.message)
    expect(messages).toContain('Pulling image "nosuch:v1"')
    expect(messages).toContain(`Failed to pull image "nosuch:v1": ${cause}`)
    expect(messages).toContain('Error: ErrImagePull')
    expect(messages).toContain('Back-off pulling image "nosuch:v1"')
    expect(messages).toContain('Error: ImagePullBackOff')
  })

  it('given a back-off, when something else wakes the pod, then it waits in ImagePullBackOff', async () => {
    await using node = await newTestKubelet()
    const containers = [
      { name: 'c', image: 'nosuch:v1' },
      { name: 'd', image: 'busybox:1.36' },
    ]
    await node.write('web.json', aManifest('web', { containers }))
    await node.pass(2000)
    node.runtime.exitContainer(node.runtime.findContainer('d')?.id ?? '', 1)
    await node.pass(100)
    expect(node.container('c').state.waiting?.reason).toBe('ImagePullBackOff')
    expect(node.container('c').state.waiting?.message).toMatch(
      /^Back-off pulling image "nosuch:v1": ErrImagePull: rpc error/,
    )
    expect(node.container('d').restartCount).toBe(1)
  })

  it('given two containers with the same absent image, then it is pulled once', async () => {
    await using node = await newTestKubelet()
    node.runtime.setImage({ reference: 'later:v1', present: false, pullMs: 100 })
    const containers = ['c', 'd'].map((name) => ({ name, image: 'later:v1', imagePullPolicy: 'IfNotPresent' as const }))
    await node.write('web.json', aManifest('web', { containers }))
    await node.pass(1000)
    expect(node.runtime.callsOf('pullImage')).toHaveLength(1)
    expect(node.timeline().map((entry) => entry.message)).toContain(
      'Container image "later:v1" already present on machine and can be accessed by the pod',
    )
    for (const { name } of containers) expect(node.container(name).state.running).toBeDefined()
  })

  it('given policy Never and an absent image, then ErrImageNeverPull', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', withImage('nosuch:v1', 'Never'))
    expect(node.container().state.waiting).toEqual({
      reason: 'ErrImageNeverPull',
      message: 'Container image "nosuch:v1" is not present with pull policy of Never',
    })
    expect(node.runtime.callsOf('pullImage')).toEqual([])
  })

  it('given a name that is none, then InvalidImageName', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', withImage('Bad:IMG:x'))
    expect(node.container().state.waiting).toEqual({
      reason: 'InvalidImageName',
      message:
        'Failed to apply default image tag "Bad:IMG:x": couldn\'t parse image reference "Bad:IMG:x": invalid reference format: repository name must be lowercase',
    })
  })

  it('given a pod that is removed during a pull, then it goes without waiting for it', async () => {
    await using node = await newTestKubelet()
    node.runtime.setImage({ reference: 'slow:v1', present: false, pullMs: 600_000 })
    await node.write('web.json', withImage('slow:v1'))
    await node.remove('web.json')
    expect(node.podNames()).toEqual([])
    expect(node.runtime.population).toEqual({ sandboxes: 0, containers: 0 })
  })
})

describe('containers that cannot be made or started', () => {
  it('given a refusal to create, then CreateContainerError with the runtime’s words', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { createError: 'privileged containers are refused' })
    await node.write('web.json', aManifest('web'))
    expect(node.container().state.waiting).toEqual({
      reason: 'CreateContainerError',
      message: 'privileged containers are refused',
    })
    expect(node.timeline().map((entry) => entry.message)).toContain('Error: privileged containers are refused')
  })

  it('given a command that is not there, then RunContainerError, and CrashLoopBackOff afterwards', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { startError: 'exec: "/no/such/bin": no such file or directory' })
    await node.write('web.json', aManifest('web'))
    expect(node.container().state.waiting?.reason).toBe('RunContainerError')
    expect(node.container().lastState.terminated).toMatchObject({ exitCode: 127, reason: 'ContainerCannotRun' })
    await node.pass(11_000)
    expect(node.container().state.waiting?.reason).toBe('CrashLoopBackOff')
  })

  it('given runAsNonRoot and an image of root, then CreateContainerConfigError', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web', { securityContext: { runAsNonRoot: true } }))
    expect(node.container().state.waiting?.reason).toBe('CreateContainerConfigError')
    expect(node.container().state.waiting?.message).toContain('container has runAsNonRoot and image will run as root')
  })
})

describe('volumes', () => {
  it('given a hostPath Directory that is missing, then FailedMount and no sandbox; when it comes, the pod runs', async () => {
    await using node = await newTestKubelet()
    const path = join(node.root, 'data/shop')
    const volumes = [{ name: 'h', hostPath: { path, type: 'Directory' as const } }]
    const containers = [{ name: 'c', image: 'busybox:1.36', volumeMounts: [{ name: 'h', mountPath: '/shop' }] }]
    await node.write('web.json', aManifest('web', { volumes, containers }))
    expect(node.runtime.callsOf('runPodSandbox')).toEqual([])
    expect(node.timeline().find((entry) => entry.reason === 'FailedMount')?.message).toBe(
      `MountVolume.SetUp failed for volume "h" : hostPath type check failed: ${path} is not a directory`,
    )
    await node.pass(130_000)
    expect(node.timeline().map((entry) => entry.message)).toContain(
      'Unable to attach or mount volumes: unmounted volumes=[h], unattached volumes=[], failed to process volumes=[]: context deadline exceeded',
    )
    mkdirSync(path, { recursive: true })
    await node.pass(125_000)
    expect(node.pod('web').status?.phase).toBe('Running')
  })

  it('given a termination message, then the state has it', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', {
      exitAfterMs: 1000,
      onExit: () => {
        const mounts = node.runtime.findContainer('c')?.mounts ?? []
        const mount = mounts.find((candidate) => candidate.containerPath === '/dev/termination-log')
        writeFileSync(mount?.hostPath ?? '', 'my last words')
      },
    })
    await node.write('job.json', aManifest('job', { restartPolicy: 'Never' }))
    await node.pass(2000)
    expect(node.container().state.terminated?.message).toBe('my last words')
  })
})
