/** To whom the bootstrap roles are given from the beginning; those of kubeadm's set-up included. */
import { RBAC_GROUP, type RoleSubject } from '../../../common/api/rbac.ts'

export interface BootstrapBinding {
  name: string
  role: string
  subjects: readonly RoleSubject[]
}

const group = (name: string): RoleSubject => ({ kind: 'Group', apiGroup: RBAC_GROUP, name })
const user = (name: string): RoleSubject => ({ kind: 'User', apiGroup: RBAC_GROUP, name })

export const BOOTSTRAP_CLUSTER_ROLE_BINDINGS: readonly BootstrapBinding[] = [
  { name: 'cluster-admin', role: 'cluster-admin', subjects: [group('system:masters')] },
  { name: 'system:monitoring', role: 'system:monitoring', subjects: [group('system:monitoring')] },
  { name: 'system:discovery', role: 'system:discovery', subjects: [group('system:authenticated')] },
  { name: 'system:basic-user', role: 'system:basic-user', subjects: [group('system:authenticated')] },
  {
    name: 'system:public-info-viewer',
    role: 'system:public-info-viewer',
    subjects: [group('system:authenticated'), group('system:unauthenticated')],
  },
  // The node authorizer does what this role did once: it is there, and given to nobody.
  { name: 'system:node', role: 'system:node', subjects: [] },
  {
    name: 'system:kube-controller-manager',
    role: 'system:kube-controller-manager',
    subjects: [user('system:kube-controller-manager')],
  },
  { name: 'system:kube-scheduler', role: 'system:kube-scheduler', subjects: [user('system:kube-scheduler')] },
  { name: 'kubeadm:cluster-admins', role: 'cluster-admin', subjects: [group('kubeadm:cluster-admins')] },
]
