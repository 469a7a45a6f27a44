/**
 * What upstream's node e2e suites (`test/e2e_node`) assert of mirror and standalone pods, by the names of its tests, and what
 * shows it here.
 */

export interface UpstreamAssertion {
  suite: string
  /** As the test is called there. */
  test: string
  shownBy: string
}

const MIRROR_SUITE = 'mirror_pod_test.go'
const STANDALONE_SUITE = 'standalone_test.go'
const NEEDS_SERVER = 'waits for issue 5: it is about the mirror pod, which needs a kube-apiserver'

export const UPSTREAM_ASSERTIONS: readonly UpstreamAssertion[] = [
  {
    suite: MIRROR_SUITE,
    test: 'should be updated when static pod updated',
    shownBy: `the static pod: case “the image is another one in its manifest”; ${NEEDS_SERVER}`,
  },
  { suite: MIRROR_SUITE, test: 'should be recreated when mirror pod gracefully deleted', shownBy: NEEDS_SERVER },
  { suite: MIRROR_SUITE, test: 'should be recreated when mirror pod forcibly deleted', shownBy: NEEDS_SERVER },
  {
    suite: MIRROR_SUITE,
    test: 'should successfully recreate when file is removed and recreated',
    shownBy: `the static pod: a case above of this name; ${NEEDS_SERVER}`,
  },
  {
    suite: MIRROR_SUITE,
    test: 'it should launch successfully even if it temporarily failed termination due to volume failing to unmount',
    shownBy:
      'the static pod, with a runtime that cannot stop its container instead of a volume server that is down: `src-main/kubelet/kubelet-lifecycle.test.ts`',
  },
  {
    suite: MIRROR_SUITE,
    test: 'mirror pod: update activeDeadlineSeconds, container image, initContainer image (generation, observedGeneration)',
    shownBy: NEEDS_SERVER,
  },
  {
    suite: MIRROR_SUITE,
    test: 'annotations, owner reference and name of the mirror pod',
    shownBy: NEEDS_SERVER,
  },
  {
    suite: MIRROR_SUITE,
    test: 'a restart of the kubelet changes neither phase nor restart count, started and ready',
    shownBy: `the static pod: case “the kubelet is gone for a while (SIGTERM)”; ${NEEDS_SERVER}`,
  },
  { suite: STANDALONE_SUITE, test: 'the pod should be running', shownBy: 'a case above of this name' },
  {
    suite: STANDALONE_SUITE,
    test: 'the pod with the port on host network should be running and can be upgraded when the container name changes',
    shownBy: 'a case above of this name',
  },
  {
    suite: STANDALONE_SUITE,
    test: 'should be ready after init container is removed and kubelet restarts',
    shownBy: 'a case above of this name',
  },
  {
    suite: STANDALONE_SUITE,
    test: 'the pod should be running and consume variables (EnvFiles)',
    shownBy: 'nothing: a gate of its own decides about it upstream, and Node Lab refuses the field in words',
  },
  {
    suite: STANDALONE_SUITE,
    test: 'should restart all containers on regular container exit (RestartAllContainers)',
    shownBy: 'nothing: a gate of its own decides about it upstream, which is off',
  },
]
