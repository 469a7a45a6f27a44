/** Manifests for tests on the real engine: one healthy one each, to be varied. */

/** The web server of the README. */
export const webManifest = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: nginx
      image: nginx
      ports:
        - containerPort: 80
`

/** A busybox that runs `script` under sh; it ends at once on SIGTERM unless the script traps it. */
export function shellManifest(name: string, script: string, spec: Record<string, unknown> = {}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [{ name: 'main', image: 'busybox:1.36', command: ['sh', '-c', script] }], ...spec },
  })
}

/** Runs until it is told to stop. */
export const RUN_FOREVER = "trap 'exit 0' TERM; while :; do sleep 3600 & wait $!; done"
