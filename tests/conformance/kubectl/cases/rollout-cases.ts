/** `kubectl rollout` and `scale`. */
import type { KubectlCaseGroup } from '../kubectl-case.ts'

export const ROLLOUT_CASES: KubectlCaseGroup = {
  title: 'Rollouts of DaemonSets and Deployments',
  cases: [
    {
      given: 'another revision, which has rolled out',
      command: 'kubectl rollout undo ds/d1',
      prepare: 'kubectl set env ds/d1 A=B && kubectl rollout status ds/d1',
      expected: { recording: '48-rollout-undo' },
    },
    { command: 'kubectl rollout restart ds/d1', expected: { recording: '49-rollout-restart' } },
    {
      command: 'kubectl rollout status ds/d1 --timeout=40s',
      expected: {
        recording: '50-rollout-status-2',
        differs: [
          {
            reason: 'The recorded kubelet took its time to tell that a pod had ended.',
            recorded: ['exit 1', 'stderr: error: timed out waiting for the condition'],
            ours: [
              'Waiting for daemon set "d1" rollout to finish: 1 of 2 updated pods are available...',
              'daemon set "d1" successfully rolled out',
            ],
          },
        ],
      },
    },
    { command: 'kubectl rollout pause ds/d1', expected: { recording: '51-rollout-pause' } },
    { command: 'kubectl rollout pause deploy/web', expected: { prints: ['deployment.apps/web paused'] } },
    { command: 'kubectl rollout resume deploy/web', expected: { prints: ['deployment.apps/web resumed'] } },
    {
      command: 'kubectl rollout history deploy/web',
      expected: {
        prints: ['deployment.apps/web', 'REVISION  CHANGE-CAUSE', '1  <none>', '2  <none>'],
      },
    },
    { command: 'kubectl apply -f site.yaml', expected: { prints: ['deployment.apps/site created'] } },
    {
      command: 'kubectl rollout status deploy/site',
      expected: { shows: ['deployment "site" successfully rolled out'] },
    },
    {
      command: 'kubectl get deploy,rs -l app=site -o wide',
      expected: {
        prints: [
          'NAME  READY  UP-TO-DATE  AVAILABLE  AGE  CONTAINERS  IMAGES  SELECTOR',
          'deployment.apps/site  2/2  2  2  AGE  c  IMAGE  app=site',
          'NAME  DESIRED  CURRENT  READY  AGE  CONTAINERS  IMAGES  SELECTOR',
          'replicaset.apps/site-HASH  2  2  2  AGE  c  IMAGE  app=site,pod-template-hash=HASH',
        ],
      },
    },
    {
      command: 'kubectl get pods -l app=site',
      expected: {
        prints: [
          'NAME  READY  STATUS  RESTARTS  AGE',
          'site-HASH-POD  1/1  Running  0  AGE',
          'site-HASH-POD  1/1  Running  0  AGE',
        ],
      },
    },
    {
      command: 'kubectl describe deploy site',
      expected: {
        shows: [
          'Name:  site',
          'Annotations:  deployment.kubernetes.io/revision: 1',
          'Selector:  app=site',
          'Replicas:  2 desired | 2 updated | 2 total | 2 available | 0 unavailable',
          'StrategyType:  RollingUpdate',
          'RollingUpdateStrategy:  25% max unavailable, 25% max surge'.replace(/\d+%/g, 'PERCENT'),
          '  Available  True  MinimumReplicasAvailable',
          '  Progressing  True  NewReplicaSetAvailable',
          'OldReplicaSets:  <none>',
          'NewReplicaSet:  site-HASH (2/2 replicas created)',
          '  Normal  ScalingReplicaSet  AGE  deployment-controller  Scaled up replica set site-HASH from 0 to 2',
        ],
      },
    },
    {
      command: 'kubectl scale deploy/site --replicas=3',
      expected: { prints: ['deployment.apps/site scaled'] },
    },
    {
      command: 'kubectl scale deploy/site --replicas=1 --current-replicas=7',
      expected: { prints: ['exit 1', 'stderr: error: Expected replicas to be 7, was 3'] },
    },
    {
      command: 'kubectl scale deploy/site --replicas=1',
      prepare: 'kubectl rollout status deploy/site',
      expected: { prints: ['deployment.apps/site scaled'] },
    },
    { command: 'kubectl set env deploy/site V=2', expected: { prints: ['deployment.apps/site env updated'] } },
    {
      command: 'kubectl rollout status deploy/site | tail -1',
      expected: { prints: ['deployment "site" successfully rolled out'] },
    },
    {
      command: 'kubectl rollout history deploy/site',
      expected: { prints: ['deployment.apps/site', 'REVISION  CHANGE-CAUSE', '1  <none>', '2  <none>'] },
    },
    { command: 'kubectl rollout undo deploy/site', expected: { prints: ['deployment.apps/site rolled back'] } },
    {
      command: 'kubectl rollout undo deploy/site --to-revision=9',
      expected: { prints: ['exit 1', 'stderr: error: unable to find specified revision 9 in history'] },
    },
    { command: 'kubectl rollout restart deploy/site', expected: { prints: ['deployment.apps/site restarted'] } },
    {
      command: 'kubectl delete deploy site --cascade=orphan',
      expected: { prints: ['deployment.apps "site" deleted'] },
    },
    {
      command: 'kubectl get rs -l app=site -o name | sort -u',
      expected: { prints: ['replicaset.apps/site-HASH', 'replicaset.apps/site-HASH', 'replicaset.apps/site-HASH'] },
      remark: 'Without their Deployment the ReplicaSets stay, and so do their pods.',
    },
    {
      command: 'kubectl delete rs -l app=site --cascade=foreground',
      expected: {
        prints: [
          'replicaset.apps "site-HASH" deleted',
          'replicaset.apps "site-HASH" deleted',
          'replicaset.apps "site-HASH" deleted',
        ],
      },
    },
    {
      command: 'kubectl get pods -l app=site',
      expected: { prints: ['stderr: No resources found in apins namespace.'] },
    },
  ],
}
