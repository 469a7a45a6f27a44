/** Entry of kube-controller-manager: what runs in the static pod of that name. */
import { readFileSync } from 'node:fs'
import { runComponent } from '../kube/component/run-component.ts'
import { CONTROLLER_FLAGS } from './controller-manager-settings.ts'
import { ControllerManager } from './controller-manager.ts'

await runComponent({
  name: 'kube-controller-manager',
  eventSource: 'kube-controller-manager',
  defaultPort: 10257,
  flags: {
    ...CONTROLLER_FLAGS,
    controllers: { type: 'string' },
    'root-ca-file': { type: 'string' },
    'allocate-node-cidrs': { type: 'bool', isIgnored: true },
    'cluster-cidr': { type: 'string', isIgnored: true },
    'cluster-name': { type: 'string', isIgnored: true },
    'cluster-signing-cert-file': { type: 'string', isIgnored: true },
    'cluster-signing-key-file': { type: 'string', isIgnored: true },
    'service-account-private-key-file': { type: 'string', isIgnored: true },
    'service-cluster-ip-range': { type: 'string', isIgnored: true },
    'use-service-account-credentials': { type: 'bool', isIgnored: true },
  },
  create(context) {
    const file = context.flags.values.get('root-ca-file') ?? ''
    return new ControllerManager(context, file === '' ? '' : readFileSync(file, 'utf8'))
  },
})
