/** Entry of kube-scheduler: what runs in the static pod of that name. */
import { runComponent } from '../kube/component/run-component.ts'
import { DEFAULT_SCHEDULER_NAME, Scheduler } from './scheduler.ts'

await runComponent({
  name: 'kube-scheduler',
  eventSource: DEFAULT_SCHEDULER_NAME,
  defaultPort: 10259,
  flags: { config: { type: 'string', isIgnored: true } },
  create: ({ client, clock, logger, events, random }) =>
    new Scheduler({ client, clock, logger, random, profiles: new Map([[DEFAULT_SCHEDULER_NAME, events]]) }),
})
