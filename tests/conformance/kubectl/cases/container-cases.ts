/** What goes through the API server to a kubelet: exec, attach, port-forward, cp, run. */
import type { KubectlCaseGroup } from '../kubectl-case.ts'
import { recordedInput } from '../recordings.ts'

export const CONTAINER_CASES: KubectlCaseGroup = {
  title: 'In containers',
  cases: [
    {
      command: 'kubectl exec d1-56vxv -- echo hi',
      expected: {
        recording: '40-exec',
        differs: [
          {
            reason:
              'kubectl asks with a WebSocket, as all versions since 1.31 serve it; the recorded 1.20.2 refused that, and kubectl asked again for SPDY.',
            recorded: [
              'GET /api/v1/namespaces/apins/pods/d1-56vxv/exec?command=echo&command=hi&container=c&stderr=true&stdout=true 403',
              'POST /api/v1/namespaces/apins/pods/d1-56vxv/exec?command=echo&command=hi&container=c&stderr=true&stdout=true 101',
            ],
            ours: [
              'GET /api/v1/namespaces/apins/pods/d1-56vxv/exec?command=echo&command=hi&container=c&stderr=true&stdout=true 101',
            ],
          },
        ],
      },
    },
    {
      command: 'kubectl exec d1-56vxv -- sh -c "exit 3"',
      expected: {
        recording: '41-exec-exit-code',
        differs: [
          {
            reason:
              'kubectl asks with a WebSocket, as all versions since 1.31 serve it; the recorded 1.20.2 refused that, and kubectl asked again for SPDY.',
            recorded: [
              'GET /api/v1/namespaces/apins/pods/d1-56vxv/exec?command=sh&command=-c&command=exit+3&container=c&stderr=true&stdout=true 403',
              'POST /api/v1/namespaces/apins/pods/d1-56vxv/exec?command=sh&command=-c&command=exit+3&container=c&stderr=true&stdout=true 101',
            ],
            ours: [
              'GET /api/v1/namespaces/apins/pods/d1-56vxv/exec?command=sh&command=-c&command=exit+3&container=c&stderr=true&stdout=true 101',
            ],
          },
        ],
      },
    },
    {
      command: 'kubectl exec -i d1-56vxv -- cat',
      stdin: recordedInput('42-exec-stdin'),
      expected: {
        recording: '42-exec-stdin',
        differs: [
          {
            reason:
              'kubectl asks with a WebSocket, as all versions since 1.31 serve it; the recorded 1.20.2 refused that, and kubectl asked again for SPDY.',
            recorded: [
              'GET /api/v1/namespaces/apins/pods/d1-56vxv/exec?command=cat&container=c&stderr=true&stdin=true&stdout=true 403',
              'POST /api/v1/namespaces/apins/pods/d1-56vxv/exec?command=cat&container=c&stderr=true&stdin=true&stdout=true 101',
            ],
            ours: [
              'GET /api/v1/namespaces/apins/pods/d1-56vxv/exec?command=cat&container=c&stderr=true&stdin=true&stdout=true 101',
            ],
          },
        ],
      },
    },
    {
      command:
        'script -qec \'stty rows 24 cols 80; kubectl exec -it d1-56vxv -- sh -c "sleep 1; tty; stty size; echo \\$TERM"\' /dev/null',
      interrupted: { until: 'xterm' },
      expected: { shows: ['/dev/pts/0', '24 80', 'xterm'] },
    },
    {
      command: 'kubectl exec d1-56vxv -- nosuchprogram',
      expected: {
        prints: [
          'exit 126',
          'OCI runtime exec failed: exec failed: unable to start container process: exec: "nosuchprogram": executable file not found in $PATH: unknown',
          'stderr: command terminated with exit code 126',
        ],
      },
      remark: 'The words are those of Docker; containerd says the same in other words.',
    },
    { command: 'kubectl exec two -c other -- true', expected: { prints: [] } },
    {
      command: 'kubectl exec unscheduled -- true',
      expected: {
        prints: ['exit 1', 'stderr: Error from server (BadRequest): pod unscheduled does not have a host assigned'],
      },
    },
    {
      command: 'kubectl attach d1-56vxv',
      interrupted: { until: 'stdout=true 101' },
      expected: {
        recording: '43-attach',
        differs: [
          {
            reason:
              'kubectl asks with a WebSocket, as all versions since 1.31 serve it; the recorded 1.20.2 refused that, and kubectl asked again for SPDY.',
            recorded: [
              'GET /api/v1/namespaces/apins/pods/d1-56vxv/attach?container=c&stderr=true&stdout=true 403',
              'POST /api/v1/namespaces/apins/pods/d1-56vxv/attach?container=c&stderr=true&stdout=true 101',
            ],
            ours: ['GET /api/v1/namespaces/apins/pods/d1-56vxv/attach?container=c&stderr=true&stdout=true 101'],
          },
        ],
      },
    },
    {
      given: 'a pod that reads its standard input',
      command: 'kubectl attach -i reader',
      prepare: 'kubectl apply -f reader.yaml && kubectl wait --for=condition=Ready pod/reader --timeout=50s',
      stdin: 'one line\n',
      interrupted: { until: 'one line' },
      expected: { prints: ['one line', "stderr: If you don't see a command prompt, try pressing enter."] },
    },
    {
      command: 'kubectl port-forward d1-56vxv :80',
      interrupted: { until: 'Forwarding from [::1]' },
      expected: {
        recording: '44-port-forward',
        differs: [
          {
            reason:
              'kubectl asks with a WebSocket, as all versions since 1.31 serve it; the recorded 1.20.2 refused that, and kubectl asked again for SPDY.',
            recorded: [
              'GET /api/v1/namespaces/apins/pods/d1-56vxv/portforward 400',
              'POST /api/v1/namespaces/apins/pods/d1-56vxv/portforward 101',
            ],
            ours: ['GET /api/v1/namespaces/apins/pods/d1-56vxv/portforward 101'],
          },
        ],
      },
    },
    {
      given: 'a web server in the pod',
      command: 'kubectl port-forward d1-56vxv :8080 | tee forwarded',
      prepare:
        "kubectl exec d1-56vxv -- sh -c 'mkdir -p /www && echo welcome > /www/index.html && httpd -p 8080 -h /www'",
      interrupted: {
        after: 'Forwarding from 127.0.0.1',
        meanwhile: "curl -s http://$(grep -o '127.0.0.1:[0-9]*' forwarded)/",
        until: 'welcome',
      },
      expected: {
        prints: ['Forwarding from IP -> 8080', 'Forwarding from IP -> 8080', 'Handling connection for PORT', 'welcome'],
      },
    },
    {
      command: 'kubectl cp d1-56vxv:/etc/passwd cp.out >/dev/null',
      expected: {
        recording: '45-cp',
        differs: [
          {
            reason: 'Not looked at: kubectl may end before it has printed this line of the remote tar.',
            recorded: ["tar: removing leading '/' from member names"],
          },
          {
            reason:
              'kubectl asks with a WebSocket, as all versions since 1.31 serve it; the recorded 1.20.2 refused that, and kubectl asked again for SPDY.',
            recorded: [
              'GET /api/v1/namespaces/apins/pods/d1-56vxv/exec?command=tar&command=cf&command=-&command=%2Fetc%2Fpasswd&container=c&stderr=true&stdout=true 403',
              'POST /api/v1/namespaces/apins/pods/d1-56vxv/exec?command=tar&command=cf&command=-&command=%2Fetc%2Fpasswd&container=c&stderr=true&stdout=true 101',
            ],
            ours: [
              'GET /api/v1/namespaces/apins/pods/d1-56vxv/exec?command=tar&command=cf&command=-&command=%2Fetc%2Fpasswd&container=c&stderr=true&stdout=true 101',
            ],
          },
        ],
      },
    },
    {
      command: 'kubectl cp d1.yaml d1-56vxv:/tmp/copy && kubectl exec d1-56vxv -- wc -l /tmp/copy',
      expected: { prints: ['10 /tmp/copy'] },
    },
    {
      command: 'kubectl run r1 --image=busybox:1.36 --restart=Never --command -- sleep 3600',
      expected: { recording: '85-run' },
    },
    {
      command: 'kubectl run -i --rm once --image=busybox:1.36 --restart=Never -- cat',
      stdin: 'through and back\n',
      expected: {
        prints: [
          'through and back',
          'pod "once" deleted',
          "stderr: If you don't see a command prompt, try pressing enter.",
        ],
      },
    },
    {
      command: 'kubectl debug d1-56vxv --image=busybox:1.36 --attach=false -c helper --profile=general',
      expected: {
        prints: [
          'exit 1',
          'stderr: error: ephemeral containers are disabled for this cluster (error from server: "the server could not find the requested resource")',
        ],
      },
      remark: 'Ephemeral containers are not served.',
    },
  ],
}
