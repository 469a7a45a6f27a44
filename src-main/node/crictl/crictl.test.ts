import { describe, expect, it } from 'vitest'
import { setUpCrictl } from './testing/set-up-crictl.ts'

describe('given bad words', () => {
  it.each([
    [['exec', '-t', 'x', 'sh'], 'tty=true must be specified with interactive=true'],
    [['logs'], 'ID cannot be empty'],
    [['logs', '--tail', 'many', 'x'], 'invalid value "many" for flag -tail: parse error'],
    [['ps', '-o', 'xml'], 'unsupported output format "xml"'],
    [['ps', '--all', '--fast'], 'flag provided but not defined: -fast'],
    [['ps', '--name'], 'flag needs an argument: -name'],
    [['ps', '-s', 'asleep'], '--state should be one of created, running, exited or unknown'],
    [['inspect', 'nope'], 'get the status of containers: get container status: rpc error: code = NotFound'],
    [['checkpoint', 'x'], 'code = Unimplemented desc = unknown method CheckpointContainer'],
    [['completion', 'csh'], 'only bash, zsh or fish are supported'],
  ])('when it is %j, then it exits 1 and says why', async (argv, part) => {
    const { crictl } = await setUpCrictl()
    const result = await crictl(...argv)
    expect(result.code).toBe(1)
    expect(result.err).toContain(`FATA\u001B[0m[0000] `)
    expect(result.err).toContain(part)
  })

  it('when there is no such verb, then it exits 3', async () => {
    const { crictl } = await setUpCrictl()
    expect(await crictl('fly')).toEqual({ code: 3, out: '', err: "No help topic for 'fly'\n" })
  })

  it.each([['inspecti'], ['exec', 'x'], ['ps', 'x'], ['rm'], ['runp'], ['version', 'x']])(
    'when operands of %s are missing or too many, then its help is shown, and it exits 0',
    async (...argv) => {
      const { crictl } = await setUpCrictl()
      const result = await crictl(...argv)
      expect(result.code).toBe(0)
      expect(result.out).toContain(`NAME:\n   crictl ${argv[0]} - `)
    },
  )

  it('when help is asked for, then of all verbs, or of one', async () => {
    const { crictl } = await setUpCrictl()
    for (const argv of [[], ['--help'], ['help']]) expect((await crictl(...argv)).out).toContain('GLOBAL OPTIONS:\n')
    for (const argv of [
      ['ps', '-h'],
      ['help', 'ps'],
    ])
      expect((await crictl(...argv)).out).toMatch(
        /USAGE:\n {3}crictl ps \[command options\]\n\nOPTIONS:\n {3}--all, -a /,
      )
    expect((await crictl('--version')).out).toMatch(/^crictl version v\d/)
  })
})
