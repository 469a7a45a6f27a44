/** Commands that make objects; the first of them make what all later groups work with. */
import type { KubectlCaseGroup } from '../kubectl-case.ts'
import { recordedInput } from '../recordings.ts'
import { INVALID_POD } from '../lab-files.ts'

export const CREATE_CASES: KubectlCaseGroup = {
  title: 'Creating and applying',
  cases: [
    { command: 'kubectl create ns apins', expected: { recording: '02-create-ns' } },
    {
      command: 'kubectl config set-context --current --namespace=apins',
      expected: { prints: ['Context "CONTEXT" modified.'] },
    },
    { command: 'kubectl get pods', expected: { recording: '03-get-pods-cold-empty' } },
    {
      command: 'kubectl apply -f -',
      stdin: recordedInput('04-apply-daemonset-create'),
      expected: { recording: '04-apply-daemonset-create' },
    },
    {
      command: 'kubectl apply -f -',
      stdin: recordedInput('05-apply-daemonset-unchanged'),
      expected: { recording: '05-apply-daemonset-unchanged' },
    },
    {
      given: 'that the pods run',
      command: 'kubectl apply -f -',
      prepare: 'kubectl rollout status ds/d1',
      stdin: recordedInput('06-apply-daemonset-changed'),
      expected: { recording: '06-apply-daemonset-changed' },
    },
    { command: 'kubectl rollout status ds/d1', expected: { recording: '07-rollout-status' } },
    {
      command: 'kubectl apply -f - --validate=strict',
      stdin: recordedInput('70-apply-validation-error'),
      expected: {
        recording: '70-apply-validation-error',
        differs: [
          {
            reason: 'Since 1.27 kubectl leaves the validation to the API server, which answers to the patch.',
            recorded: [
              'stderr: error: error validating "STDIN": error validating data: [ValidationError(DaemonSet.spec): unknown field "selektor" in io.k8s.api.apps.v1.DaemonSetSpec, ValidationError(DaemonSet.spec): missing required field "selector" in io.k8s.api.apps.v1.DaemonSetSpec]; if you choose to ignore these errors, turn validation off with --validate=false',
            ],
            ours: [
              'stderr: The request is invalid: patch: Invalid value: "map[metadata:map[annotations:map[kubectl.kubernetes.io/last-applied-configuration:{\\"apiVersion\\":\\"apps/v1\\",\\"kind\\":\\"DaemonSet\\",\\"metadata\\":{\\"annotations\\":{},\\"name\\":\\"d1\\",\\"namespace\\":\\"apins\\"},\\"spec\\":{\\"selektor\\":{\\"matchLabels\\":{\\"app\\":\\"d1\\"}},\\"template\\":{\\"metadata\\":{\\"labels\\":{\\"app\\":\\"d1\\"}},\\"spec\\":{\\"containers\\":[{\\"command\\":[\\"sh\\",\\"-c\\",\\"echo hello; sleep 3600\\"],\\"image\\":\\"IMAGE\\",\\"name\\":\\"c\\"}],\\"terminationGracePeriodSeconds\\":2}}}}\\n]] spec:map[selector:<nil> selektor:map[matchLabels:map[app:d1]] template:map[spec:map[$setElementOrder/containers:[map[name:c]] containers:[map[command:[sh -c echo hello; sleep 3600] name:c]]]]]]": strict decoding error: unknown field "spec.selektor"',
              'GET /apis/apps/v1/namespaces/apins/daemonsets/d1 200',
              'PATCH /apis/apps/v1/namespaces/apins/daemonsets/d1?fieldManager=kubectl-client-side-apply&fieldValidation=Strict 422',
            ],
          },
        ],
      },
    },
    {
      command: 'kubectl apply -f - --validate=ignore',
      stdin: recordedInput('70-apply-validation-error'),
      expected: {
        prints: [
          'exit 1',
          'stderr: The DaemonSet "d1" is invalid:',
          'stderr: * spec.template.metadata.labels: Invalid value: {"app":"d1"}: `selector` does not match template `labels`',
          'stderr: * spec.selector: Invalid value: null: field is immutable',
        ],
      },
    },
    {
      given: 'pods whose names come in the recorded order',
      command: 'kubectl wait --for=condition=Ready pod --all --timeout=50s',
      prepare: 'sh order-d1',
      expected: { prints: ['pod/d1-56vxv condition met', 'pod/d1-jd59k condition met'] },
    },
    {
      command: 'kubectl wait --for=jsonpath={.status.phase}=Failed pod/d1-56vxv --timeout=1s',
      expected: { prints: ['exit 1', 'stderr: error: timed out waiting for the condition on pods/d1-56vxv'] },
    },
    {
      command: 'kubectl create configmap settings --from-literal=mode=quiet --from-literal=size=3',
      expected: { prints: ['configmap/settings created'] },
    },
    {
      command: 'kubectl create secret generic password --from-literal=word=sesame',
      expected: { prints: ['secret/password created'] },
    },
    { command: 'kubectl create sa robot', expected: { prints: ['serviceaccount/robot created'] } },
    {
      command: 'kubectl create deployment web --image=busybox:1.36 --replicas=0 --dry-run=server -o name',
      expected: { prints: ['deployment.apps/web'] },
    },
    {
      command: 'kubectl create deployment web --image=busybox:1.36 --replicas=0',
      expected: { prints: ['deployment.apps/web created'] },
    },
    {
      command: 'kubectl create ns apins',
      expected: { prints: ['exit 1', 'stderr: Error from server (AlreadyExists): namespaces "apins" already exists'] },
    },
    { command: 'kubectl create token robot | tr -cd . | wc -c', expected: { prints: ['2'] } },
    {
      command: 'kubectl create role reader --verb=get,list --resource=pods',
      expected: { prints: ['role.rbac.authorization.k8s.io/reader created'] },
    },
    {
      command: 'kubectl create rolebinding robot-reads --role=reader --serviceaccount=apins:robot',
      expected: { prints: ['rolebinding.rbac.authorization.k8s.io/robot-reads created'] },
    },
    {
      command: 'kubectl create -f - --dry-run=server',
      stdin: INVALID_POD,
      expected: {
        prints: [
          'exit 1',
          'stderr: The Pod "Upper" is invalid:',
          "stderr: * metadata.name: Invalid value: \"Upper\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
          'stderr: * spec.containers[1].name: Duplicate value: "c"',
        ],
      },
    },
  ],
}
