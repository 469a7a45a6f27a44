/** Commands that change objects: patch, label, edit, diff, apply again. */
import type { KubectlCaseGroup } from '../kubectl-case.ts'
import { recordedInput } from '../recordings.ts'

export const CHANGE_CASES: KubectlCaseGroup = {
  title: 'Changing',
  cases: [
    {
      command: 'kubectl patch ds d1 -p \'{"metadata":{"labels":{"z":"1"}}}\'',
      expected: { recording: '55-patch-strategic' },
    },
    {
      command: 'kubectl patch ds d1 --type=merge -p \'{"metadata":{"labels":{"z":"2"}}}\'',
      expected: { recording: '56-patch-merge' },
    },
    {
      command: 'kubectl patch ds d1 --type=json -p \'[{"op":"replace","path":"/metadata/labels/z","value":"3"}]\'',
      expected: { recording: '57-patch-json' },
    },
    {
      command: 'kubectl patch ds d1 --type=json -p \'[{"op":"test","path":"/metadata/labels/z","value":"9"}]\'',
      expected: {
        prints: [
          'exit 1',
          'stderr: The request is invalid: the server rejected our request due to an error in our request',
        ],
      },
    },
    { command: 'kubectl label pod d1-56vxv q=1', expected: { recording: '58-label-pod' } },
    {
      command: 'kubectl label pod d1-56vxv q=2',
      expected: { prints: ['exit 1', "stderr: error: 'q' already has a value (1), and --overwrite is false"] },
    },
    { command: 'kubectl label pod d1-56vxv q-', expected: { prints: ['pod/d1-56vxv unlabeled'] } },
    { command: 'kubectl annotate pod d1-56vxv q=1', expected: { recording: '60-annotate-pod' } },
    {
      given: 'the update strategy OnDelete, so that the pods stay what they are',
      command: 'kubectl set image ds/d1 c=bb:v2',
      prepare: `kubectl patch ds d1 -p '{"spec":{"updateStrategy":{"type":"OnDelete","rollingUpdate":null}}}'`,
      expected: { recording: '62-set-image' },
    },
    { command: 'KUBE_EDITOR="sed -i s/hello2/hello3/" kubectl edit ds d1', expected: { recording: '52-edit-ds' } },
    {
      command: 'KUBE_EDITOR="sed -i s/hello2/hello3/" kubectl edit pod d1-56vxv',
      expected: { recording: '54-edit-pod-refused' },
    },
    {
      command: 'KUBE_EDITOR=true kubectl edit ds d1',
      expected: { prints: ['stderr: Edit cancelled, no changes made.'] },
    },
    {
      command: 'kubectl diff -f -',
      stdin: recordedInput('64-diff'),
      expected: {
        recording: '64-diff',
        differs: [
          {
            reason: 'The object has another history: other edits came before.',
            recorded: [
              '       {"apiVersion":"apps/v1","kind":"DaemonSet","metadata":{"annotations":{},"name":"d1","namespace":"apins"},"spec":{"selector":{"matchLabels":{"app":"d1"}},"template":{"metadata":{"labels":{"app":"d1"}},"spec":{"containers":[{"command":["sh","-c","echo edited2; sleep 3600"],"image":"IMAGE","name":"c"}],"terminationGracePeriodSeconds":2}}}}',
              '@@ -30,11 +30,11 @@',
              '-  - echo edited; sleep 3600',
              '+  - echo hello; sleep 3600',
              '        env:',
              '        - name: A',
              '        value: B',
            ],
            ours: [
              '       {"apiVersion":"apps/v1","kind":"DaemonSet","metadata":{"annotations":{},"name":"d1","namespace":"apins"},"spec":{"selector":{"matchLabels":{"app":"d1"}},"template":{"metadata":{"labels":{"app":"d1"}},"spec":{"containers":[{"command":["sh","-c","echo hello3; sleep 3600"],"image":"IMAGE","name":"c"}],"terminationGracePeriodSeconds":2}}}}',
              '@@ -27,8 +27,8 @@',
              '-  - echo hello3; sleep 3600',
              '+  - echo hello; sleep 3600',
            ],
          },
        ],
      },
    },
    {
      command: 'kubectl apply --server-side -f -',
      stdin: recordedInput('65-apply-server-side'),
      expected: { recording: '65-apply-server-side' },
    },
    {
      command: 'kubectl apply --dry-run=server -f -',
      stdin: recordedInput('66-apply-dry-run-server'),
      expected: { recording: '66-apply-dry-run-server' },
    },
    { command: 'kubectl replace -f -', stdin: recordedInput('69-replace'), expected: { recording: '69-replace' } },
    {
      given: 'another manager owns the field',
      command: 'kubectl apply --server-side -f -',
      prepare: 'kubectl apply --server-side --field-manager=other --force-conflicts -f d2-other.yaml',
      stdin: recordedInput('65-apply-server-side'),
      expected: {
        prints: [
          'exit 1',
          'stderr: error: Apply failed with 1 conflict: conflict with "other": .spec.template.spec.containers[name="c"].command',
          'stderr: Please review the fields above--they currently have other managers. Here',
          'stderr: are the ways you can resolve this warning:',
          'stderr: * If you intend to manage all of these fields, please re-run the apply',
          'stderr:   command with the `--force-conflicts` flag.',
          'stderr: * If you do not intend to manage all of the fields, please edit your',
          'stderr:   manifest to remove references to the fields that should keep their',
          'stderr:   current managers.',
          'stderr: * You may co-own fields by updating your manifest to match the existing',
          "stderr:   value; in this case, you'll become the manager if the other manager(s)",
          'stderr:   stop managing the field (remove it from their configuration).',
          'stderr: See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts',
        ],
      },
    },
    {
      command: 'kubectl apply --server-side --force-conflicts -f -',
      stdin: recordedInput('65-apply-server-side'),
      expected: { prints: ['daemonset.apps/d2 serverside-applied'] },
    },
    { command: 'kubectl scale deploy web --replicas=0', expected: { prints: ['deployment.apps/web scaled'] } },
    { command: 'kubectl set env deploy/web MODE=loud', expected: { prints: ['deployment.apps/web env updated'] } },
    {
      given: 'that the replaced DaemonSet has rolled out',
      command: 'kubectl patch pod d1-56vxv -p \'{"spec":{"terminationGracePeriodSeconds":9}}\'',
      prepare: 'kubectl rollout status ds/d1',
      expected: {
        prints: [
          'exit 1',
          'stderr: The Pod "d1-56vxv" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
          'stderr:   core.PodSpec{',
          'stderr:   \t... // 3 identical fields',
          'stderr:   \tEphemeralContainers:  nil,',
          'stderr:   \tRestartPolicy:  "Always",',
          'stderr: -  TerminationGracePeriodSeconds: &9,',
          'stderr: +  TerminationGracePeriodSeconds: &2,',
          'stderr:   \tActiveDeadlineSeconds:  nil,',
          'stderr:   \tDNSPolicy:  "ClusterFirst",',
          'stderr:   \t... // 34 identical fields',
          'stderr:   }',
        ],
      },
    },
    {
      command: 'kubectl patch deploy web -p \'{"spec":{"replicas":-1}}\'',
      expected: {
        prints: [
          'exit 1',
          'stderr: The Deployment "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
        ],
      },
    },
    {
      command: "kubectl patch cm settings --subresource=status -p '{}'",
      expected: {
        prints: ['exit 1', 'stderr: Error from server (NotFound): the server could not find the requested resource'],
      },
    },
  ],
}
