/** `crictl config`: reads and writes the configuration file. */
import { writeFileSync } from 'node:fs'
import {
  EMPTY_CONFIGURATION,
  formatConfiguration,
  isClientOption,
  readConfiguration,
  setOption,
  type ClientConfiguration,
  type ClientOption,
} from './client-settings.ts'
import { formatTable } from './format.ts'
import { CrictlError, type Invocation, type Outcome, type Verb } from './verb.ts'

export const CONFIG: Verb = {
  name: 'config',
  usage: 'Read and write the options of crictl itself',
  operands: '[<crictl options>]',
  description: `crictl config --set debug=true     sets an option
crictl config debug true           the same
crictl config --get debug          shows one
crictl config --list               shows all

Options: ${Object.keys(EMPTY_CONFIGURATION).join(', ')}`,
  flags: [
    { name: 'get', kind: 'text', usage: 'Show the value of this option' },
    { name: 'set', kind: 'texts', usage: 'Set an option: option=value, several with commas between' },
    { name: 'list', kind: 'switch', usage: 'Show all options' },
  ],
  run: (invocation) => Promise.resolve(configure(invocation)),
}

function configure({ operands, flags, configurationFile, stdout, log }: Invocation): Outcome {
  const configuration = readConfiguration(configurationFile) ?? { ...EMPTY_CONFIGURATION }
  if (flags.isGiven('get')) {
    stdout(`${configuration[requireOption(flags.text('get'))]}\n`)
    return 'done'
  }
  if (flags.isGiven('set')) {
    for (const setting of flags.texts('set').flatMap((text) => text.split(','))) {
      const [name = '', value, ...more] = setting.split('=')
      if (value === undefined || more.length > 0) throw new CrictlError(`incorrectly specified option: ${setting}`)
      setOption(configuration, requireOption(name), value)
    }
    write(configurationFile, configuration)
    return 'done'
  }
  if (flags.isOn('list')) {
    const rows = Object.entries(configuration).map(([name, value]) => [name, String(value)])
    stdout(formatTable(['KEY', 'VALUE'], rows))
    return 'done'
  }
  const [name, value = ''] = operands
  if (name === undefined) return 'help'
  log(
    'info',
    `No --get, --set or --list provided, setting key ${JSON.stringify(name)} to value ${JSON.stringify(value)}`,
  )
  setOption(configuration, requireOption(name), value)
  write(configurationFile, configuration)
  return 'done'
}

function requireOption(name: string): ClientOption {
  if (!isClientOption(name)) throw new CrictlError(`no configuration option named ${name}`)
  return name
}

function write(file: string, configuration: ClientConfiguration): void {
  try {
    writeFileSync(file, formatConfiguration(configuration))
  } catch (error) {
    throw new CrictlError(`write config file: ${file}`, error)
  }
}
