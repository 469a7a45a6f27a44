/** Commands that ask what the cluster is and serves. */
import type { KubectlCaseGroup } from '../kubectl-case.ts'

export const CLUSTER_CASES: KubectlCaseGroup = {
  title: 'The cluster',
  cases: [
    {
      command: 'kubectl version -o json | grep -E \'"(major|minor|gitVersion|platform)"\'',
      expected: { shows: ['    "minor": "35",'] },
    },
    { command: 'kubectl cluster-info', expected: { recording: '76-cluster-info' } },
    { command: 'kubectl get --raw /readyz', expected: { recording: '89-get-raw' } },
    { command: "kubectl get --raw '/livez?verbose' | tail -1", expected: { prints: ['livez check passed'] } },
    {
      command: 'kubectl api-versions',
      expected: {
        recording: '75-api-versions',
        differs: [
          {
            reason:
              'Groups that Node Lab does not serve are missing, versions are those of 1.35, and metrics.k8s.io comes without an add-on.',
            recorded: [
              'admissionregistration.k8s.io/v1',
              'admissionregistration.k8s.io/v1beta1',
              'apiextensions.k8s.io/v1',
              'apiextensions.k8s.io/v1beta1',
              'apiregistration.k8s.io/v1',
              'apiregistration.k8s.io/v1beta1',
              'authentication.k8s.io/v1beta1',
              'authorization.k8s.io/v1beta1',
              'autoscaling/v1',
              'autoscaling/v2beta1',
              'autoscaling/v2beta2',
              'batch/v1',
              'batch/v1beta1',
              'certificates.k8s.io/v1',
              'certificates.k8s.io/v1beta1',
              'coordination.k8s.io/v1beta1',
              'discovery.k8s.io/v1beta1',
              'events.k8s.io/v1beta1',
              'extensions/v1beta1',
              'flowcontrol.apiserver.k8s.io/v1beta1',
              'networking.k8s.io/v1',
              'networking.k8s.io/v1beta1',
              'node.k8s.io/v1',
              'node.k8s.io/v1beta1',
              'policy/v1beta1',
              'rbac.authorization.k8s.io/v1beta1',
              'scheduling.k8s.io/v1beta1',
              'storage.k8s.io/v1',
              'storage.k8s.io/v1beta1',
            ],
            ours: ['discovery.k8s.io/v1', 'metrics.k8s.io/v1beta1', 'policy/v1'],
          },
        ],
      },
    },
    {
      command: 'kubectl api-resources',
      expected: {
        shows: [
          'NAME  SHORTNAMES  APIVERSION  NAMESPACED  KIND',
          'configmaps  cm  v1  true  ConfigMap',
          'endpoints  ep  v1  true  Endpoints',
          'events  ev  v1  true  Event',
          'namespaces  ns  v1  false  Namespace',
          'nodes  no  v1  false  Node',
          'pods  po  v1  true  Pod',
          'secrets  v1  true  Secret',
          'serviceaccounts  sa  v1  true  ServiceAccount',
          'services  svc  v1  true  Service',
          'daemonsets  ds  apps/v1  true  DaemonSet',
          'deployments  deploy  apps/v1  true  Deployment',
          'replicasets  rs  apps/v1  true  ReplicaSet',
          'leases  coordination.k8s.io/v1  true  Lease',
        ],
      },
      remark: 'The kinds that Node Lab serves; columns and short names as recorded.',
    },
    {
      command: 'kubectl api-resources --namespaced=false --verbs=list,watch -o name',
      expected: {
        prints: [
          'namespaces',
          'nodes',
          'clusterrolebindings.rbac.authorization.k8s.io',
          'clusterroles.rbac.authorization.k8s.io',
          'priorityclasses.scheduling.k8s.io',
        ],
      },
    },
    {
      command: 'kubectl explain ds.spec.updateStrategy',
      expected: {
        recording: '73-explain',
        differs: [
          {
            reason:
              'kubectl explains from OpenAPI v3, which 1.20.2 did not have, in its newer layout; the sentences are our own.',
            recorded: [
              'VERSION:  apps/v1',
              'RESOURCE: updateStrategy <Object>',
              '     An update strategy to replace existing DaemonSet pods with new pods.',
              '     DaemonSetUpdateStrategy is a struct used to control the update strategy for',
              '     a DaemonSet.',
              '   rollingUpdate\t<Object>',
              '     Rolling update config params. Present only if type = "RollingUpdate".',
              '   type\t<string>',
              '     Type of daemon set update. Can be "RollingUpdate" or "OnDelete". Default is',
              '     RollingUpdate.',
            ],
            ours: [
              'GROUP:  apps',
              'VERSION:  v1',
              'FIELD: updateStrategy <DaemonSetUpdateStrategy>',
              '    How Pods are replaced when the template changes.',
              '    How the Pods of a DaemonSet are replaced.',
              '  rollingUpdate\t<RollingUpdateDaemonSet>',
              '    How fast a rolling update goes.',
              '  type\t<string>',
              '  enum: OnDelete, RollingUpdate',
              '    RollingUpdate (the default) replaces them itself, OnDelete waits until',
              '    somebody deletes them.',
            ],
          },
        ],
      },
    },
    {
      command: 'kubectl explain pod.spec.containers.livenessProbe.httpGet --recursive',
      expected: {
        prints: [
          'KIND:  Pod',
          'VERSION:  v1',
          'FIELD: httpGet <HTTPGetAction>',
          'DESCRIPTION:',
          '    An HTTP request; an answer from 200 to 399 is success.',
          '    An HTTP GET request.',
          'FIELDS:',
          '  host\t<string>',
          '  httpHeaders\t<[]HTTPHeader>',
          '    name\t<string> -required-',
          '    value\t<string> -required-',
          '  path\t<string>',
          '  port\t<IntOrString> -required-',
          '  scheme\t<string>',
          '  enum: HTTP, HTTPS',
        ],
      },
    },
    {
      command: 'kubectl explain pods.spec.nosuch',
      expected: { prints: ['exit 1', 'KIND:  Pod', 'VERSION:  v1', 'stderr: error: field "nosuch" does not exist'] },
    },
    { command: 'kubectl get foos', expected: { recording: '88-get-unknown-resource' } },
    {
      command: 'kubectl get ns',
      expected: {
        recording: '27-get-namespaces',
        differs: [{ reason: 'The namespace is made later here.', recorded: ['apins  Active  AGE'] }],
      },
    },
    {
      command: 'kubectl get nodes',
      expected: {
        recording: '22-get-nodes',
        differs: [
          {
            reason: 'A lab with a control plane has a node for it.',
            ours: ['controlplane  Ready  control-plane  AGE  VERSION'],
          },
        ],
      },
    },
    {
      command: 'kubectl get nodes -o wide',
      expected: {
        shows: [
          'NAME  STATUS  ROLES  AGE  VERSION  INTERNAL-IP  EXTERNAL-IP  OS-IMAGE  KERNEL-VERSION  CONTAINER-RUNTIME',
        ],
      },
      remark: 'Columns as recorded; system and kernel are those of your machine.',
    },
    {
      command: 'kubectl get lease -n kube-node-lease',
      expected: {
        recording: '30-get-leases',
        differs: [
          { reason: 'A lab with a control plane has a node for it.', ours: ['controlplane  controlplane  AGE'] },
        ],
      },
    },
    {
      command: 'kubectl get pods -n kube-system -l tier=control-plane -L component',
      prepare: 'kubectl wait -n kube-system --for=condition=Ready pod -l tier=control-plane --timeout=55s',
      expected: {
        prints: [
          'NAME  READY  STATUS  RESTARTS  AGE  COMPONENT',
          'etcd-controlplane  1/1  Running  0  AGE  etcd',
          'kube-apiserver-controlplane  1/1  Running  0  AGE  kube-apiserver',
          'kube-controller-manager-controlplane  1/1  Running  0  AGE  kube-controller-manager',
          'kube-scheduler-controlplane  1/1  Running  0  AGE  kube-scheduler',
        ],
      },
    },
  ],
}
