/** A node's systemctl and journalctl beside the real ones: the recorded session of `tests/golden/systemd`, played on a node. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestLab } from '../support/test-lab.ts'

interface Step {
  command: string
  exitCode: number
  stdout: string
  stderr: string
}

const RECORDED = JSON.parse(
  readFileSync(join(import.meta.dirname, '../golden/systemd/recorded.json'), 'utf8'),
) as Step[]
const lab = new TestLab('systemd')
const DROP_INS = '/etc/systemd/system/kubelet.service.d'
/** As the machine of the recording was: `tail` in the place of the kubelet. */
const PREPARE = [
  `mkdir -p ${DROP_INS}`,
  `printf '[Service]\\nExecStart=\\nExecStart=/usr/bin/tail -f /dev/null\\n' > ${DROP_INS}/90-tail.conf`,
  'systemctl daemon-reload; systemctl restart kubelet; sleep 0.5',
]
/** Runs each line that it reads, and answers with exit code and both outputs. Editors need a terminal. */
const PLAY = `
export LANG=C.UTF-8 TERM=dumb SHELL=/bin/bash
while IFS= read -r line <&3; do
  if [[ $line == EDITOR=* ]]; then script -qec "$line" /dev/null; else bash -c "$line"; fi >/tmp/out 2>/tmp/err </dev/null
  printf '%s,%s,%s\\n' $? "$(base64 -w0 /tmp/out)" "$(base64 -w0 /tmp/err)"
done 3</tmp/scenario`

const played: Step[] = []

beforeAll(async () => {
  await lab.ok('up', '--nodes', '1')
  const scenario = Buffer.from(RECORDED.map(({ command }) => `${command}\n`).join('')).toString('base64')
  await lab.ok(
    'shell',
    'node01',
    '--',
    'bash',
    '-c',
    [...PREPARE, `base64 -d <<<${scenario} >/tmp/scenario`].join('\n'),
  )
  const answers = (await lab.ok('shell', 'node01', '--', 'bash', '-c', PLAY)).trim().split('\n')
  for (const [index, { command }] of RECORDED.entries()) {
    const [exitCode, stdout = '', stderr = ''] = answers[index]?.split(',') ?? []
    const text = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8')
    played.push({ command, exitCode: Number(exitCode), stdout: text(stdout), stderr: text(stderr) })
  }
})

afterAll(() => lab.dispose())

/** Without what belongs to the machine and the moment. */
function timeless(text: string): string {
  return text
    .replaceAll('\r', '')
    .replace(/since .* ago/g, 'since TIME')
    .replace(/(Invocation:) \w+/g, '$1 ID')
    .replace(/(Main PID:|Process:|└─| process) ?\d+/g, '$1 PID')
    .replace(/(Duration:) .*/g, '$1 TIME')
    .replace(/(Timestamp=|_time=\[)\w{3} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \w+/g, '$1TIME')
    .replace(/((?:MainPID|pid)=)[1-9]\d*/g, '$1PID')
    .split('\n')
    .filter((line) => !/^ +(Memory|CPU|Tasks): /.test(line))
    .join('\n')
}

describe('given the commands that systemd 257 was asked', () => {
  it.each(RECORDED.map((step, index) => ({ ...step, index })))(
    'when $command is typed on a node, then it answers the same',
    ({ index, exitCode, stdout, stderr }) => {
      const { command, ...answer } = played[index] ?? { command: '', exitCode: NaN, stdout: '', stderr: '' }
      expect(
        { exitCode: answer.exitCode, stdout: timeless(answer.stdout), stderr: timeless(answer.stderr) },
        command,
      ).toEqual({
        exitCode,
        stdout: timeless(stdout),
        stderr: timeless(stderr),
      })
    },
  )
})
