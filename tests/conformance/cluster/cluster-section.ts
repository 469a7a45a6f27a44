/** The part of docs/conformance.md that is about clusters, from the cases. */
import { renderCases } from '../recorded/render-case.ts'
import { CLUSTER_KINDS } from './cluster-case.ts'
import { CLUSTER_CASES } from './cluster-cases.ts'

const INTRODUCTION = `# DaemonSets and nodes

The same for a cluster: kube-apiserver, kube-controller-manager, kube-scheduler and two kubelets, all 1.20.2, were recorded with
kubectl 1.32 (§P2.4, §P2.5), and a lab with a control plane and two workers is taken through the same steps with the same
kubectl. The cases are in \`tests/conformance/cluster\`; all of a file share one lab, and each has a namespace of its own.

How to read a row, beyond what is said above. *pods* are those of the DaemonSet: \`first\` is the node where something happened
first, for which of two comes first is nobody's promise; the letter says which of the pods that this node has had. \`gone\` is one
that the API server has forgotten, or that has ended and is being deleted: newer controllers do not wait for the rest. *first node*
and *second node* are the same for one node alone, where both go on at the same time. *status* is
desired/current/ready/up-to-date/available, as in \`kubectl get ds\`; \`unseen\`: its controller has not looked at the present spec
yet. *events* are those about the DaemonSet. *node* is the one that the case is about: its Ready condition and its taints. What
stands beside a command is what it printed, with names, times and addresses replaced as in [kubectl.md](kubectl.md);
“other than in the recording” lists lines that were recorded and are not ours (\`-\`), and the other way round (\`+\`).

A version in place of an item of the facts is the one since which Kubernetes does as ours.

Not compared: when the other components tell of a pod (\`Scheduled\`, \`Pulled\`, \`Created\`, \`Started\`), for that is a race and
the kubelet's are above; states of a pod between \`bound\` and \`ready\`; how often \`rollout status\` says the same.
`

export function renderClusterSection(): string {
  const page = { kinds: CLUSTER_KINDS, worldsOfTimings: () => [] }
  const groups = CLUSTER_CASES.map(({ title, cases }) =>
    renderCases(
      title,
      cases.map(({ case: one }) => one),
      page,
    ),
  )
  return [INTRODUCTION, ...groups].join('\n')
}
