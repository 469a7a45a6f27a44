/** How each event of the table is brought about. Each ends when the event has happened, not when it has been healed. */
import { once } from 'node:events'
import { inspectContainer, killContainer, killMainProcess, removeContainer } from '../engine-api.ts'
import { CLOSE_LOOK, waitUntil } from '../wait-until.ts'
import type { LifeScene } from './life-scene.ts'
import type { LifeEvent } from './life-table.ts'

const LIVE_RESTORE = { 'live-restore': true }
/** A setting that is left out at a reload stays as it was. */
const LIVE_RESTORE_OFF = { 'live-restore': false }

export const LIFE_EVENTS: Record<LifeEvent, (scene: LifeScene) => Promise<void>> = {
  'node-stop': async ({ lab }) => {
    await lab.ok('node', 'stop', 'node01')
  },
  'node-kill': (scene) => killContainer(scene.nodeContainer()),
  'node-crash': (scene) => killMainProcess(scene.nodeContainer()),
  'kubelet-kill': async ({ lab }) => {
    await lab.ok('shell', 'node01', '--', 'sh', '-c', 'kill -9 $(systemctl show kubelet -p MainPID --value)')
  },
  'runtime-crash': (scene) => killMainProcess(scene.runtimeContainer()),
  'runtime-kill': (scene) => killContainer(scene.runtimeContainer()),
  'runtime-remove': (scene) => removeContainer(scene.runtimeContainer()),
  'container-kill': async (scene) => killContainer(await scene.runningContainer('container', 'plain')),
  'sandbox-kill': async (scene) => killContainer(await scene.runningContainer('sandbox', 'plain')),
  'node-remove': (scene) => removeContainer(scene.nodeContainer()),
  'stop-while-pod-is-made': async (scene) => {
    await scene.beginPod()
    await scene.lab.ok('node', 'stop', 'node01')
  },
  down: async ({ lab }) => {
    await lab.ok('down')
  },
  'node-and-runtime-crash': async (scene) => {
    await Promise.all([killMainProcess(scene.runtimeContainer()), killMainProcess(scene.nodeContainer())])
  },
  'runtime-kill-then-node-kill': async (scene) => {
    await killContainer(scene.runtimeContainer())
    await killContainer(scene.nodeContainer())
  },
  'engine-kill': async ({ engine }) => {
    await engine.kill()
    await engine.start()
  },
  reboot: async ({ engine }) => {
    await engine.reboot()
    await engine.start()
  },
  'engine-stop': async ({ engine }) => {
    await engine.stop()
    await engine.start()
  },
  'engine-stop-live-restore': async ({ engine }) => {
    await engine.reload(LIVE_RESTORE)
    await engine.stop()
    await engine.start(LIVE_RESTORE)
    await engine.reload(LIVE_RESTORE_OFF)
  },
  'engine-kill-live-restore': async (scene) => {
    const { engine } = scene
    await engine.reload(LIVE_RESTORE)
    const services = ['node01', 'node02'].map((node) => inspectContainer(scene.runtimeContainer(node)))
    const pids = (await Promise.all(services)).map(({ State: state }) => state.Pid)
    await engine.kill()
    // As long as that: runtime services that nobody can start again meanwhile.
    await waitUntil({ what: 'the runtime services to have given the engine up' }, () =>
      pids.some((pid) => engine.hasProcess(pid)) ? undefined : true,
    )
    await engine.start(LIVE_RESTORE)
    await engine.reload(LIVE_RESTORE_OFF)
  },
  'down-then-engine-restart': async ({ lab, engine }) => {
    await lab.ok('down')
    await engine.stop()
    await engine.start()
  },
  'node-stop-then-reboot': async ({ lab, engine }) => {
    await lab.ok('node', 'stop', 'node01')
    await engine.reboot()
    await engine.start()
  },
  'node-kill-then-engine-restart': async (scene) => {
    await killContainer(scene.nodeContainer())
    await scene.engine.stop()
    await scene.engine.start()
  },
  'engine-kill-while-node-stops': async (scene) => {
    const { lab, engine } = scene
    const child = lab.start('node', 'stop', 'node01')
    const ended = once(child, 'exit')
    await waitUntil({ what: 'the node to be stopped for good', ...CLOSE_LOOK }, async () => {
      const { HostConfig: settings } = await inspectContainer(scene.nodeContainer())
      return settings.RestartPolicy.Name === 'no' ? true : undefined
    })
    await engine.kill()
    await ended
    await engine.start()
  },
  'engine-kill-while-pod-is-made': async (scene) => {
    await scene.beginPod()
    await scene.engine.kill()
    await scene.engine.start()
  },
  'reboot-while-lab-comes-up': async (scene) => {
    const { lab, engine } = scene
    await lab.ok('down')
    const child = lab.start('up')
    const ended = once(child, 'exit')
    await waitUntil({ what: 'a first node to run', ...CLOSE_LOOK }, async () =>
      (await lab.containers('node', 'status=running')).length > 0 ? true : undefined,
    )
    await engine.reboot()
    await ended
    await engine.start()
  },
}
