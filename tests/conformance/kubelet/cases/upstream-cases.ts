/** What upstream's node e2e suites assert of pods without a kube-apiserver, and nothing of which was recorded. */
import { exitsWith, obeysTerm } from '../../workloads.ts'
import { brief } from '../../recorded/recorded-case.ts'
import { defineKubeletCases } from '../kubelet-case.ts'
import { onePod } from '../pod-plan.ts'
import type { PodPlan } from '../pod-plan.ts'
import { starting } from './steps.ts'

const MIRROR_SUITE = 'mirror_pod_test.go'
const STANDALONE_SUITE = 'standalone_test.go'
const OBEYS = obeysTerm(0)
const STAYS_SECONDS = 30

function onHostNetwork(container: string): PodPlan {
  return {
    containers: [{ name: container, runs: OBEYS, ports: [{ name: 'tcp', containerPort: 4534, protocol: 'TCP' }] }],
    spec: { hostNetwork: true },
  }
}

export const UPSTREAM_CASES = defineKubeletCases({
  'upstream-recreate': {
    given: 'a running pod',
    when: 'its file is removed and made again, and removed for good half a minute later',
    then: 'it has restarted once, stays running, and is gone in the end',
    source: { suite: MIRROR_SUITE, test: 'should successfully recreate when file is removed and recreated' },
    worlds: ['clock'],
    async steps(world) {
      await world.running(onePod(OBEYS))
      await world.recreate(world.manifest(onePod(OBEYS)))
      await world.sees('states', 'Running, ready; c running, last exited 0 Completed, restarts 1')
      world.begin()
      await world.pass(STAYS_SECONDS)
      await world.remove()
      await world.sees('states', 'gone')
      await world.sees('runtime', 'sandbox 1 stopped')
    },
    recorded: { states: ['gone'], runtime: ['c 1 SIGTERM', 'c 1 exited 0', 'sandbox 1 stopped'] },
  },
  'upstream-host-network': {
    given: "a running pod with a port in its node's network",
    when: 'the name of its container is another one in its manifest',
    then: 'the pod with the new container becomes ready',
    source: {
      suite: STANDALONE_SUITE,
      test: 'the pod with the port on host network should be running and can be upgraded when the container name changes',
    },
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.running(onHostNetwork('c'))
      await world.start(onHostNetwork('upgraded'))
      await world.sees('states', 'new Running, ready; upgraded running')
    },
    recorded: {
      states: [
        'gone',
        brief('new Pending, no conditions'),
        'new Pending, unready [upgraded]; upgraded waiting ContainerCreating',
        'new Running, ready; upgraded running',
      ],
      runtime: ['c 0 SIGTERM', 'c 0 exited 0', 'sandbox 0 stopped', 'new sandbox 0 started', 'new upgraded 0 started'],
    },
  },
  'upstream-init-removed': {
    given: 'a running pod whose init container has done its work',
    when: 'that container is removed from the runtime, and the kubelet is restarted',
    then: 'the pod is ready, its init container is shown as completed, and nothing is started again',
    source: {
      suite: STANDALONE_SUITE,
      test: 'should be ready after init container is removed and kubelet restarts',
    },
    worlds: ['clock', 'engine'],
    alone: true,
    async steps(world) {
      await world.running({ ...onePod(OBEYS), initContainers: [{ name: 'i', runs: exitsWith(0) }] })
      await world.vanish({ container: 'i' })
      await world.stopKubelet('SIGTERM')
      await world.startKubelet()
      await world.pass(3)
      const status = (await world.pod())?.status
      const terminated = status?.initContainerStatuses?.[0]?.state.terminated
      return {
        phase: status?.phase,
        'init container': `${terminated?.exitCode} ${terminated?.reason}`,
        ready: status?.containerStatuses?.[0]?.ready,
      }
    },
    recorded: {
      runtime: [],
      findings: { phase: 'Running', 'init container': '0 Completed', ready: true },
    },
  },
  'upstream-running': {
    given: 'an empty folder',
    when: 'a manifest with a namespace is put into it',
    then: 'the list of pods has it, running and ready',
    source: { suite: STANDALONE_SUITE, test: 'the pod should be running' },
    worlds: ['clock'],
    async steps(world) {
      await world.start({ ...onePod(OBEYS), metadata: { namespace: 'static-pod' } })
      await world.sees('states', 'Running, ready; c running')
      return { namespace: (await world.pod())?.metadata.namespace }
    },
    recorded: {
      states: [...starting('c'), 'Running, ready; c running'],
      findings: { namespace: 'static-pod' },
    },
  },
})
