/** `kubectl get` with all its output formats, selectors and watches, and events. */
import type { KubectlCaseGroup } from '../kubectl-case.ts'

export const GET_CASES: KubectlCaseGroup = {
  title: 'Getting',
  cases: [
    { command: 'kubectl get pods', expected: { recording: '08-get-pods' } },
    {
      command: 'kubectl get pods -A -o wide',
      expected: {
        recording: '09-get-pods-wide-allns',
        differs: [
          {
            reason: 'The recorded cluster had other pods beside.',
            recorded: [
              'default  agent-bv6gh  1/1  Running  0  AGE  IP  node02  <none>  <none>',
              'default  agent-kb794  0/1  Terminating  0  AGE  IP  node01  <none>  <none>',
            ],
            ours: ['default  web-node01  1/1  Running  0  AGE  IP  node01  <none>  <none>'],
          },
          {
            reason: 'Mirror pods of the control plane.',
            ours: [
              'kube-system  etcd-controlplane  1/1  Running  0  AGE  IP  controlplane  <none>  <none>',
              'kube-system  kube-apiserver-controlplane  1/1  Running  0  AGE  IP  controlplane  <none>  <none>',
              'kube-system  kube-controller-manager-controlplane  1/1  Running  0  AGE  IP  controlplane  <none>  <none>',
              'kube-system  kube-scheduler-controlplane  1/1  Running  0  AGE  IP  controlplane  <none>  <none>',
            ],
          },
        ],
      },
    },
    {
      command: 'kubectl get pod d1-56vxv -o json',
      expected: {
        recording: '10-get-pod-json',
        differs: [
          {
            reason: 'Versions since 1.34 number the generations of a pod.',
            ours: [
              '        "generation": N,',
              '        "observedGeneration": 1,',
              '        "observedGeneration": 1,',
              '        "observedGeneration": 1,',
              '        "observedGeneration": 1,',
              '        "observedGeneration": 1,',
              '        "observedGeneration": 1,',
            ],
          },
          {
            reason: 'Since 1.22 tokens are projected volumes; status has more fields in newer versions.',
            recorded: [
              '        "name": "default-token-ID",',
              '        "name": "default-token-ID",',
              '        "secret": {',
              '        "secretName": "default-token-ID"',
            ],
            ours: [
              '        "name": "kube-api-access-ID",',
              '        "name": "kube-api-access-ID",',
              '        "projected": {',
              '        "sources": [',
              '        {',
              '        "serviceAccountToken": {',
              '        "expirationSeconds": 3607,',
              '        "path": "token"',
              '        },',
              '        {',
              '        "configMap": {',
              '        "items": [',
              '        {',
              '        "key": "ca.crt",',
              '        "path": "ca.crt"',
              '        ],',
              '        "name": "kube-root-ca.crt"',
              '        }',
              '        },',
              '        {',
              '        "downwardAPI": {',
              '        "items": [',
              '        {',
              '        "fieldRef": {',
              '        "apiVersion": "v1",',
              '        "fieldPath": "metadata.namespace"',
              '        },',
              '        "path": "namespace"',
              '        }',
              '        }',
              '        }',
              '        ]',
              '        }',
              '        }',
              '        ]',
              '        "type": "PodReadyToStartContainers"',
              '        },',
              '        {',
              '        "lastProbeTime": null,',
              '        "lastTransitionTime": "TIME",',
              '        "status": "True",',
              '        "resources": {},',
              '        },',
              '        "volumeMounts": [',
              '        {',
              '        "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",',
              '        "name": "kube-api-access-ID",',
              '        "readOnly": true,',
              '        "recursiveReadOnly": "Disabled"',
              '        ]',
              '        "hostIPs": [',
              '        {',
              '        "ip": "IP"',
              '        }',
              '        ],',
            ],
          },
        ],
      },
    },
    { command: 'kubectl get pods -l app=d1', expected: { recording: '11-get-pods-selector' } },
    {
      command: 'kubectl get pods -A --field-selector spec.nodeName=node01',
      expected: {
        recording: '12-get-pods-field-selector',
        differs: [
          {
            reason: 'The recorded cluster had other pods beside.',
            recorded: ['default  agent-kb794  0/1  Terminating  0  AGE'],
            ours: ['default  web-node01  1/1  Running  0  AGE'],
          },
        ],
      },
    },
    { command: 'kubectl get pods --show-labels -L app', expected: { recording: '13-get-pods-label-columns' } },
    {
      command: 'kubectl get pods -o yaml',
      expected: {
        shows: [
          'apiVersion: v1',
          'items:',
          '- apiVersion: v1',
          '  kind: Pod',
          '    name: d1-56vxv',
          '    name: d1-jd59k',
          '    phase: Running',
          'kind: List',
          'metadata:',
        ],
      },
      remark: 'The recording was cut off; one pod as a whole is compared above.',
    },
    { command: 'kubectl get pods -o name', expected: { recording: '15-get-pods-name' } },
    {
      command: "kubectl get pods -o jsonpath='{.items[*].metadata.name}'",
      expected: { recording: '16-get-pods-jsonpath' },
    },
    {
      command: 'kubectl get pods -o custom-columns=N:.metadata.name',
      expected: { recording: '17-get-pods-custom-columns' },
    },
    {
      command:
        'kubectl get pods -o go-template=\'{{range .items}}{{.metadata.name}} {{.spec.nodeName}}{{"\\n"}}{{end}}\'',
      expected: { prints: ['d1-56vxv node02', 'd1-jd59k node01'] },
    },
    { command: 'kubectl get pods --sort-by=.metadata.name', expected: { recording: '18-get-pods-sort' } },
    {
      command: 'kubectl get pods --sort-by=.spec.nodeName -o name',
      expected: { prints: ['pod/d1-jd59k', 'pod/d1-56vxv'] },
    },
    {
      command: 'kubectl get pods -w',
      interrupted: { until: 'watch=true 200' },
      expected: {
        recording: '19-get-pods-watch',
        differs: [
          {
            reason: 'No request timeout is given: the watch is interrupted instead.',
            recorded: [
              'GET /api/v1/namespaces/apins/pods?limit=500&timeout=AGE 200',
              'GET /api/v1/namespaces/apins/pods?resourceVersion=N&timeout=AGE&watch=true 200',
            ],
            ours: [
              'GET /api/v1/namespaces/apins/pods?limit=500 200',
              'GET /api/v1/namespaces/apins/pods?resourceVersion=N&watch=true 200',
            ],
          },
        ],
      },
    },
    {
      command: 'kubectl get pods -w -o name',
      interrupted: {
        after: 'pod/d1-jd59k',
        meanwhile: 'kubectl annotate pod d1-56vxv seen=yes; sleep 1',
        until: 'pod/d1-56vxv annotated',
      },
      expected: { prints: ['pod/d1-56vxv', 'pod/d1-jd59k', 'pod/d1-56vxv', 'pod/d1-56vxv annotated'] },
    },
    {
      command: 'kubectl get pods -w --output-watch-events',
      interrupted: { after: 'd1-jd59k', meanwhile: 'kubectl annotate pod d1-jd59k seen=too', until: 'MODIFIED' },
      expected: {
        prints: [
          'EVENT  NAME  READY  STATUS  RESTARTS  AGE',
          'ADDED  d1-56vxv  1/1  Running  0  AGE',
          'ADDED  d1-jd59k  1/1  Running  0  AGE',
          'MODIFIED  d1-jd59k  1/1  Running  0  AGE',
        ],
      },
    },
    {
      command: "kubectl get pods -l 'app in (d1,d2),!nosuch' -o name",
      expected: { prints: ['pod/d1-56vxv', 'pod/d1-jd59k'] },
    },
    {
      command: 'kubectl get pods --field-selector status.phase!=Running',
      expected: { prints: ['stderr: No resources found in apins namespace.'] },
    },
    {
      command: 'kubectl get pods --field-selector spec.nosuch=1',
      expected: {
        prints: [
          'exit 1',
          'stderr: Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label selector "", field selector "spec.nosuch=1": field label not supported: spec.nosuch',
        ],
      },
    },
    {
      command: "kubectl get pods -l 'app in'",
      expected: {
        prints: [
          'exit 1',
          'stderr: Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label selector "app in", field selector "": unable to parse requirement: found \'\' expected: \'(\'',
        ],
      },
    },
    { command: 'kubectl get pods --chunk-size=1 -o name', expected: { prints: ['pod/d1-56vxv', 'pod/d1-jd59k'] } },
    {
      command: 'kubectl get pods --no-headers',
      expected: { prints: ['d1-56vxv  1/1  Running  0  AGE', 'd1-jd59k  1/1  Running  0  AGE'] },
    },
    { command: 'kubectl get pods --ignore-not-found nosuch', expected: { prints: [] } },
    { command: 'kubectl get pod nosuch', expected: { recording: '86-get-not-found' } },
    {
      command: 'kubectl get ds',
      expected: { recording: '20-get-ds' },
    },
    {
      command: 'kubectl get ds -A -o wide',
      expected: {
        recording: '21-get-ds-wide',
        differs: [
          {
            reason: 'Other DaemonSets.',
            recorded: ['default  agent  2  2  1  2  1  <none>  AGE  c  IMAGE  app=agent'],
          },
        ],
      },
    },
    { command: 'kubectl get controllerrevisions', expected: { recording: '28-get-controllerrevisions' } },
    { command: 'kubectl rollout history ds/d1', expected: { recording: '46-rollout-history' } },
    { command: 'kubectl rollout history ds/d1 --revision=1', expected: { recording: '47-rollout-history-rev' } },
    {
      command: 'kubectl get all',
      expected: {
        recording: '29-get-all',
        differs: [
          {
            reason: 'There is a Deployment without pods here by now; kinds that are not served are not asked for.',
            recorded: [
              'GET /api/v1/namespaces/apins/replicationcontrollers?limit=500 200',
              'GET /apis/apps/v1/namespaces/apins/statefulsets?limit=500 200',
              'GET /apis/autoscaling/v1/namespaces/apins/horizontalpodautoscalers?limit=500 200',
              'GET /apis/batch/v1/namespaces/apins/jobs?limit=500 200',
              'GET /apis/batch/v1beta1/namespaces/apins/cronjobs?limit=500 200',
            ],
            ours: [
              'NAME  READY  UP-TO-DATE  AVAILABLE  AGE',
              'deployment.apps/web  0/0  0  0  AGE',
              'NAME  DESIRED  CURRENT  READY  AGE',
              'replicaset.apps/web-HASH  0  0  0  AGE',
            ],
          },
        ],
      },
    },
    {
      command: 'kubectl get deploy,cm,secret,sa',
      expected: {
        shows: [
          'deployment.apps/web  0/0  0  0  AGE',
          'configmap/settings  2  AGE',
          'secret/password  Opaque  1  AGE',
          'serviceaccount/default  0  AGE',
          'serviceaccount/robot  0  AGE',
        ],
      },
    },
    {
      command: 'kubectl get events --field-selector involvedObject.name=d1-56vxv',
      expected: {
        prints: [
          'LAST SEEN  TYPE  REASON  OBJECT  MESSAGE',
          'AGE  Normal  Scheduled  pod/d1-56vxv  Successfully assigned apins/d1-56vxv to node02',
          'AGE  Normal  Pulled  pod/d1-56vxv  Container image "IMAGE" already present on machine and can be accessed by the pod',
          'AGE  Normal  Created  pod/d1-56vxv  Container created',
          'AGE  Normal  Started  pod/d1-56vxv  Container started',
        ],
      },
    },
    {
      command: 'kubectl events --for pod/d1-56vxv',
      expected: {
        prints: [
          'LAST SEEN  TYPE  REASON  OBJECT  MESSAGE',
          'AGE  Normal  Scheduled  Pod/d1-56vxv  Successfully assigned apins/d1-56vxv to node02',
          'AGE  Normal  Pulled  Pod/d1-56vxv  Container image "IMAGE" already present on machine and can be accessed by the pod',
          'AGE  Normal  Created  Pod/d1-56vxv  Container created',
          'AGE  Normal  Started  Pod/d1-56vxv  Container started',
        ],
      },
    },
    {
      command:
        'kubectl get events -A --field-selector involvedObject.kind=Node,reason=Starting,involvedObject.name=controlplane',
      expected: {
        prints: [
          'NAMESPACE  LAST SEEN  TYPE  REASON  OBJECT  MESSAGE',
          'default  AGE  Normal  Starting  node/controlplane  Starting kubelet.',
        ],
      },
    },
    {
      command: 'kubectl get --raw /api/v1/namespaces/apins/pods/d1-56vxv | head -c 15',
      expected: { prints: ['{"apiVersion":"'] },
    },
    { command: "kubectl get cm settings -o jsonpath='{.data.mode}'", expected: { prints: ['quiet'] } },
  ],
}
