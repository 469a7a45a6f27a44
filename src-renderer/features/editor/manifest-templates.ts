/** Whole manifests to begin with: samples of the shelf, and some that a shelf has no room for. */

export type OwnTemplateId = 'blank' | 'sidecar' | 'probes' | 'hostPath' | 'hostNetwork'

export type ManifestTemplate = { kind: 'own'; id: OwnTemplateId; text: string } | { kind: 'sample'; id: string }

export const MANIFEST_TEMPLATES: readonly ManifestTemplate[] = [
  {
    kind: 'own',
    id: 'blank',
    text: `apiVersion: v1
kind: Pod
metadata:
  name: my-pod
spec:
  containers:
    - name: app
      image: nginx
`,
  },
  { kind: 'sample', id: 'web' },
  {
    kind: 'own',
    id: 'sidecar',
    text: `apiVersion: v1
kind: Pod
metadata:
  name: with-sidecar
spec:
  initContainers:
    # An init container that is restarted always is a sidecar: the others wait only until it has started.
    - name: helper
      image: busybox
      restartPolicy: Always
      command: [sh, -c, 'touch /data/log; tail -n +1 -f /data/log']
      volumeMounts:
        - name: data
          mountPath: /data
  containers:
    - name: app
      image: busybox
      command: [sh, -c, 'while :; do date >> /data/log; sleep 2; done']
      volumeMounts:
        - name: data
          mountPath: /data
  volumes:
    - name: data
      emptyDir: {}
`,
  },
  { kind: 'sample', id: 'init' },
  { kind: 'sample', id: 'crash-loop' },
  {
    kind: 'own',
    id: 'probes',
    text: `apiVersion: v1
kind: Pod
metadata:
  name: probed
spec:
  containers:
    - name: app
      image: busybox
      command: [sh, -c, 'sleep 5; touch /tmp/alive; sleep 60; rm /tmp/alive; sleep 3600']
      startupProbe:
        exec:
          command: [cat, /tmp/alive]
        periodSeconds: 1
        failureThreshold: 30
      livenessProbe:
        exec:
          command: [cat, /tmp/alive]
        periodSeconds: 5
      readinessProbe:
        exec:
          command: [cat, /tmp/alive]
        periodSeconds: 2
`,
  },
  {
    kind: 'own',
    id: 'hostPath',
    text: `apiVersion: v1
kind: Pod
metadata:
  name: writes-to-node
spec:
  containers:
    - name: app
      image: busybox
      command: [sh, -c, 'while :; do date >> /host/dates; sleep 5; done']
      volumeMounts:
        - name: data
          mountPath: /host
  volumes:
    - name: data
      hostPath:
        path: /data
        type: DirectoryOrCreate
`,
  },
  {
    kind: 'own',
    id: 'hostNetwork',
    text: `apiVersion: v1
kind: Pod
metadata:
  name: on-node-network
spec:
  hostNetwork: true
  containers:
    - name: web
      image: nginx
`,
  },
  { kind: 'sample', id: 'completes' },
]
