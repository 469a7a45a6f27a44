/**
 * What upstream's node e2e suites (`test/e2e_node`) assert of mirror and standalone pods, by the name of the suite, and which
 * test of ours shows it.
 */

export interface UpstreamAssertion {
  suite: string
  assertion: string
  /** Id of a case here, a test file, or what it waits for. */
  shownBy: string
}

export const UPSTREAM_ASSERTIONS: readonly UpstreamAssertion[] = []
