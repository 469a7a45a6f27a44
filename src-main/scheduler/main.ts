/** Entry of kube-scheduler: what runs in the static pod of that name. */
import { readFileSync } from 'node:fs'
import { FlagError } from '../base/flag-value.ts'
import { runComponent } from '../kube/component/run-component.ts'
import {
  decodeSchedulerConfiguration,
  DEFAULT_SCHEDULER_CONFIGURATION,
  DEFAULT_SCHEDULER_NAME,
  type SchedulerConfiguration,
} from './scheduler-configuration.ts'
import { Scheduler } from './scheduler.ts'

await runComponent({
  name: 'kube-scheduler',
  eventSource: DEFAULT_SCHEDULER_NAME,
  defaultPort: 10259,
  flags: { config: { type: 'string' } },
  create({ client, clock, logger, random, flags }) {
    const { schedulerNames, ignored } = readConfiguration(flags.values.get('config'))
    if (ignored.length > 0) logger.info('Fields of --config without an effect here', { fields: ignored.join(',') })
    return new Scheduler({ client, clock, logger, random, schedulerNames })
  },
})

/** @throws FlagError */
function readConfiguration(path: string | undefined): SchedulerConfiguration {
  if (path === undefined || path === '') return DEFAULT_SCHEDULER_CONFIGURATION
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new FlagError(`cannot read --config: ${error instanceof Error ? error.message : String(error)}`)
  }
  return decodeSchedulerConfiguration(text)
}
