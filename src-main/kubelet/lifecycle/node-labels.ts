/** The labels that a kubelet gives its node (pkg/kubelet/kubelet_node_status.go `initialNode`). */

/** Kubernetes names architectures as Go does. */
const GO_ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' }

/**
 * Pure. Labels of `--node-labels` win over those that every node has.
 * @param architecture as Node.js names it
 */
export function computeNodeLabels(
  nodeName: string,
  architecture: string,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const goArchitecture = GO_ARCHITECTURES[architecture] ?? architecture
  return {
    'beta.kubernetes.io/arch': goArchitecture,
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': goArchitecture,
    'kubernetes.io/hostname': nodeName,
    'kubernetes.io/os': 'linux',
    ...own,
  }
}
