/** `kubectl describe` of what a lab has. */
import type { KubectlCaseGroup } from '../kubectl-case.ts'

export const DESCRIBE_CASES: KubectlCaseGroup = {
  title: 'Describing',
  cases: [
    {
      command: 'kubectl describe pod d1-56vxv',
      expected: {
        recording: '31-describe-pod',
        differs: [
          {
            reason: 'An earlier command set an annotation.',
            recorded: ['Annotations:  <none>'],
            ours: ['Annotations:  seen: yes'],
          },
          {
            reason: 'The sentences of events are those of 1.35.',
            recorded: [
              '  Normal  Pulled  AGE  kubelet  Container image "IMAGE" already present on machine',
              '  Normal  Created  AGE  kubelet  Created container c',
              '  Normal  Started  AGE  kubelet  Started container c',
            ],
            ours: [
              '  Normal  Pulled  AGE  kubelet  Container image "IMAGE" already present on machine and can be accessed by the pod',
              '  Normal  Created  AGE  kubelet  Container created',
              '  Normal  Started  AGE  kubelet  Container started',
            ],
          },
          {
            reason:
              'Since 1.22 tokens are projected volumes, since 1.29 there is the condition PodReadyToStartContainers.',
            recorded: [
              '      /var/run/secrets/kubernetes.io/serviceaccount from default-token-ID (ro)',
              '  default-token-ID:',
              '    Type:  Secret (a volume populated by a Secret)',
              '    SecretName:  default-token-ID',
              '    Optional:  false',
            ],
            ours: [
              '      /var/run/secrets/kubernetes.io/serviceaccount from kube-api-access-ID (ro)',
              '  PodReadyToStartContainers  True',
              '  kube-api-access-ID:',
              '    Type:  Projected (a volume that contains injected data from multiple sources)',
              '    TokenExpirationSeconds:  3607',
              '    ConfigMapName:  kube-root-ca.crt',
              '    ConfigMapOptional:  <nil>',
              '    DownwardAPI:  true',
            ],
          },
        ],
      },
    },
    {
      command: 'kubectl describe ds d1 --show-events=false',
      expected: {
        recording: '32-describe-ds',
        differs: [
          {
            reason:
              'Which node is first is nobody’s promise, so its events are left out here; conformance.md has them.',
            recorded: [
              'Events:',
              '  Type  Reason  Age  From  Message',
              '  ---  ---  ---  ---  ---',
              '  Normal  SuccessfulCreate  AGE  daemonset-controller  Created pod: d1-zm2wx',
              '  Normal  SuccessfulCreate  AGE  daemonset-controller  Created pod: d1-86g8z',
              '  Normal  SuccessfulDelete  AGE  daemonset-controller  Deleted pod: d1-86g8z',
              '  Normal  SuccessfulCreate  AGE  daemonset-controller  Created pod: d1-56vxv',
              '  Normal  SuccessfulDelete  AGE  daemonset-controller  Deleted pod: d1-zm2wx',
              '  Normal  SuccessfulCreate  AGE  daemonset-controller  Created pod: d1-jd59k',
              'GET /api/v1/namespaces/apins/events?fieldSelector=involvedObject.kind%3DDaemonSet%2CinvolvedObject.name%3Dd1%2CinvolvedObject.namespace%3Dapins%2CinvolvedObject.uid%3DUID&limit=500 200',
            ],
          },
        ],
      },
    },
    {
      command: 'kubectl describe node node01',
      expected: {
        shows: [
          'Name:  node01',
          'Roles:  <none>',
          '        beta.kubernetes.io/os=linux',
          '        kubernetes.io/hostname=node01',
          'Taints:  <none>',
          'Unschedulable:  false',
          'Lease:',
          '  HolderIdentity:  node01',
          '  Type  Status  LastHeartbeatTime  LastTransitionTime  Reason  Message',
          '  MemoryPressure  False  TIME  TIME  KubeletHasSufficientMemory  kubelet has sufficient memory available',
          '  DiskPressure  False  TIME  TIME  KubeletHasNoDiskPressure  kubelet has no disk pressure',
          '  PIDPressure  False  TIME  TIME  KubeletHasSufficientPID  kubelet has sufficient PID available',
          '  Ready  True  TIME  TIME  KubeletReady  kubelet is posting ready status',
          'Addresses:',
          '  Hostname:  node01',
          'Capacity:',
          'Allocatable:',
          'System Info:',
          'Non-terminated Pods:  (2 in total)',
          '  Namespace  Name  CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age',
          '  apins  d1-jd59k  0 (PERCENT)  0 (PERCENT)  0 (PERCENT)  0 (PERCENT)  AGE',
          'Allocated resources:',
        ],
      },
      remark: 'Shape, conditions and reasons as recorded; figures and ids are those of your machine.',
    },
    {
      command: 'kubectl describe ns apins',
      expected: {
        recording: '34-describe-ns',
        differs: [
          {
            reason: 'Since 1.21 each namespace has this label.',
            recorded: ['Labels:  <none>'],
            ours: ['Labels:  kubernetes.io/metadata.name=apins'],
          },
          {
            reason: 'Quotas and limit ranges are not served, so kubectl leaves their lines out.',
            recorded: [
              'No resource quota.',
              'No LimitRange resource.',
              'GET /api/v1/namespaces/apins/limitranges?limit=500 200',
              'GET /api/v1/namespaces/apins/resourcequotas?limit=500 200',
            ],
            ours: [
              'GET /api/v1/namespaces/apins/limitranges?limit=500 404',
              'GET /api/v1/namespaces/apins/resourcequotas?limit=500 404',
            ],
          },
        ],
      },
    },
    {
      command: 'kubectl describe deployment web',
      expected: {
        prints: [
          'Name:  web',
          'Namespace:  apins',
          'CreationTimestamp:  TIME',
          'Labels:  app=web',
          'Annotations:  deployment.kubernetes.io/revision: 1',
          'Selector:  app=web',
          'Replicas:  0 desired | 0 updated | 0 total | 0 available | 0 unavailable',
          'StrategyType:  RollingUpdate',
          'MinReadySeconds:  0',
          'RollingUpdateStrategy:  PERCENT max unavailable, PERCENT max surge',
          'Pod Template:',
          '  Labels:  app=web',
          '  Containers:',
          '   busybox:',
          '    Image:  IMAGE',
          '    Port:  <none>',
          '    Host Port:  <none>',
          '    Environment:  <none>',
          '    Mounts:  <none>',
          '  Volumes:  <none>',
          '  Node-Selectors:  <none>',
          '  Tolerations:  <none>',
          'Conditions:',
          '  Type  Status  Reason',
          '  ---  ---  ---',
          '  Available  True  MinimumReplicasAvailable',
          '  Progressing  True  NewReplicaSetAvailable',
          'OldReplicaSets:  <none>',
          'NewReplicaSet:  web-HASH (0/0 replicas created)',
          'Events:  <none>',
        ],
      },
    },
    {
      command: 'kubectl describe cm settings',
      expected: {
        printsInAnyOrder: [
          'Name:  settings',
          'Namespace:  apins',
          'Labels:  <none>',
          'Annotations:  <none>',
          'Data',
          '====',
          'mode:',
          '---',
          'quiet',
          'size:',
          '---',
          '3',
          'BinaryData',
          '====',
          'Events:  <none>',
        ],
      },
    },
    {
      command: 'kubectl describe secret password',
      expected: {
        prints: [
          'Name:  password',
          'Namespace:  apins',
          'Labels:  <none>',
          'Annotations:  <none>',
          'Type:  Opaque',
          'Data',
          '====',
          'word:  6 bytes',
        ],
      },
    },
    {
      command: 'kubectl describe sa robot',
      expected: {
        prints: [
          'Name:  robot',
          'Namespace:  apins',
          'Labels:  <none>',
          'Annotations:  <none>',
          'Image pull secrets:  <none>',
          'Mountable secrets:  <none>',
          'Tokens:  <none>',
          'Events:  <none>',
        ],
      },
    },
    {
      command:
        'kubectl describe pod -n kube-system etcd-controlplane | grep -E "^(Name|Priority Class|Node|Labels|Annotations|Controlled|QoS|  +kubernetes.io/config)"',
      expected: {
        shows: [
          'Priority Class Name:  system-node-critical',
          'Node:  controlplane/IP',
          'Controlled By:  Node/controlplane',
          '        kubernetes.io/config.source: file',
        ],
      },
    },
  ],
}
