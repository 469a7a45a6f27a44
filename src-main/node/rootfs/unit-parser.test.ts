import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const ROOTFS = path.resolve(import.meta.dirname, '../../../resources/images/node/rootfs')
const PARSER = path.join(ROOTFS, 'usr/lib/node-lab/unit-parser.sh')
/** Unit files with one thing wrong each, and what systemd 257 said of them: tests/golden/systemd. */
const PARSED = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../../tests/golden/systemd/parsed.json'), 'utf8'),
) as { name: string; unit: string; messages: string[] }[]

let root = ''
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'units-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function write(file: string, text: string): void {
  const target = path.join(root, file)
  mkdirSync(path.dirname(target), { recursive: true })
  writeFileSync(target, text)
}

/** Runs bash with the parser sourced; what it prints, by lines. */
function run(script: string, unitRoot = root): string[] {
  const result = spawnSync('bash', ['--norc', '-c', `. "$1"; ${script}`, 'bash', PARSER], {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      UNIT_ROOT: unitRoot,
      UNIT_KEYS_FILE: path.join(ROOTFS, 'usr/lib/node-lab/unit-keys'),
    },
  })
  expect(result.stderr).toBe('')
  return result.stdout.split('\n').slice(0, -1)
}

/** The argument vector that the unit would be started with, or the error. */
function argv(unitRoot = root): string[] {
  return run(
    'if unit_load kubelet.service && unit_command; then printf "%s\\n" "${UNIT_ARGV[@]}"; else echo "ERROR $(unit_reason)"; fi',
    unitRoot,
  )
}

const UNIT = '/usr/lib/systemd/system/kubelet.service'

describe('given a unit file', () => {
  it('when nothing else is there, then its ExecStart is the command', () => {
    write(UNIT, '[Unit]\nDescription=The agent\n[Service]\nExecStart=/usr/bin/kubelet --a "b c" \'d  e\'  f\\ g\n')
    expect(argv()).toEqual(['/usr/bin/kubelet', '--a', 'b c', 'd  e', 'f g'])
    expect(run('unit_load kubelet.service; echo "$UNIT_DESCRIPTION"')).toEqual(['The agent'])
  })

  it('when it lies in /etc too, then that one counts', () => {
    write(UNIT, '[Service]\nExecStart=/usr/bin/old\n')
    write('/etc/systemd/system/kubelet.service', '[Service]\nExecStart=/usr/bin/new\n')
    expect(argv()).toEqual(['/usr/bin/new'])
  })

  it('when lines go on, have comments, spaces or carriage returns, then they are read as one', () => {
    write(
      UNIT,
      '# comment\r\n; comment\r\n[Service]\r\n  ExecStart = /usr/bin/kubelet \\\r\n  # between\r\n  --one \\\r\n  --two\r\nRestart=always',
    )
    expect(argv()).toEqual(['/usr/bin/kubelet', '--one', '--two'])
    expect(run('unit_load kubelet.service; echo "$UNIT_RESTART"')).toEqual(['always'])
  })

  it.each(PARSED)('when it is as recorded ($name), then the messages are systemd’s', ({ unit, messages }) => {
    write(UNIT, unit)
    const said = run(
      'unit_load kubelet.service; for line in "${UNIT_MESSAGES[@]}"; do echo "${line#? }"; done; unit_reason',
    )
    expect(said.map((line) => line.replace(UNIT, 'FILE'))).toEqual(messages)
  })

  it('when values are wrong, then the ones before them stay', () => {
    write(UNIT, '[Service]\nExecStart=/bin/x\nRestart=always\nRestart=sometimes\nRestartSec=soon\n')
    expect(run('unit_load kubelet.service; echo "$UNIT_RESTART $UNIT_RESTART_MS"')).toEqual(['always 100'])
  })

  it.each([
    ['10', '10000'],
    ['08', '8000'],
    ['1min 09s', '69000'],
    ['500ms', '500'],
    ['1min 30s', '90000'],
    ['2h', '7200000'],
    ['infinity', '999999999999'],
  ])('when RestartSec is %s, then it is %s ms', (text, milliseconds) => {
    write(UNIT, `[Service]\nExecStart=/bin/x\nRestartSec=${text}\n`)
    expect(run('unit_load kubelet.service; echo "$UNIT_RESTART_MS"')).toEqual([milliseconds])
  })
})

describe('given a number with a zero in front', () => {
  it('when it is a limit of starts, then it counts by tens', () => {
    write(UNIT, '[Service]\nExecStart=/bin/x\nStartLimitBurst=08\n')
    expect(run('unit_load kubelet.service; echo "$UNIT_START_LIMIT_BURST"')).toEqual(['8'])
  })
})

describe('given drop-ins', () => {
  it('when several apply, then they go by file name, and of equal names /etc wins', () => {
    write(UNIT, '[Service]\nExecStart=/bin/base\n')
    write(`${UNIT}.d/20-b.conf`, '[Service]\nExecStart=\nExecStart=/bin/from-20\n')
    write(`${UNIT}.d/10-a.conf`, '[Service]\nExecStart=\nExecStart=/bin/from-usr\n')
    write('/etc/systemd/system/kubelet.service.d/10-a.conf', '[Service]\nExecStart=\nExecStart=/bin/from-etc\n')
    expect(argv()).toEqual(['/bin/from-20'])
    expect(run('unit_find kubelet.service; printf "%s\\n" "${UNIT_DROPINS[@]}"')).toEqual([
      '/etc/systemd/system/kubelet.service.d/10-a.conf',
      `${UNIT}.d/20-b.conf`,
    ])
  })

  it('when ExecStart is not reset, reset to nothing, or broken, then the unit is refused', () => {
    write(UNIT, '[Service]\nExecStart=/bin/base\n')
    for (const wrong of [
      'ExecStart=/bin/second',
      'ExecStart=',
      'ExecStart=\nExecStart=./x',
      'ExecStart=\nExecStart=/x "y',
    ]) {
      write(`${UNIT}.d/10.conf`, `[Service]\n${wrong}\n`)
      expect(argv()).toEqual(['ERROR Unit kubelet.service has a bad unit file setting.'])
    }
  })

  it('when one changes on disk, then the stamp of the unit changes', () => {
    write(UNIT, '[Service]\nExecStart=/bin/base\n')
    const before = run('unit_stamp kubelet.service')
    expect(run('unit_stamp kubelet.service')).toEqual(before)
    write(`${UNIT}.d/10.conf`, '[Service]\n')
    expect(run('unit_stamp kubelet.service')).not.toEqual(before)
  })

  it('when the unit is missing or masked, then that is the error', () => {
    expect(argv()).toEqual(['ERROR Unit kubelet.service not found.'])
    mkdirSync(path.join(root, '/etc/systemd/system'), { recursive: true })
    symlinkSync('/dev/null', path.join(root, '/etc/systemd/system/kubelet.service'))
    expect(argv()).toEqual(['ERROR Unit kubelet.service is masked.'])
  })
})

describe('given environment', () => {
  it('when a variable is a word of its own, then it becomes words; inside a word, text; unset, nothing', () => {
    write(
      UNIT,
      '[Service]\nEnvironment="ARGS=--a --b=\\"c d\\"" ONE=1\nEnvironment=TWO=2\nExecStart=/bin/x $ARGS --n=${ONE}${TWO} $UNSET ${UNSET}x $$HOME 100%%\n',
    )
    expect(argv()).toEqual(['/bin/x', '--a', '--b=c d', '--n=12', 'x', '$HOME', '100%'])
  })

  it('when a file sets it, then the file wins, and only a missing file without a dash is an error', () => {
    write(
      UNIT,
      '[Service]\nEnvironment=A=unit\nEnvironmentFile=-/etc/none\nEnvironmentFile=/etc/default/kubelet\nExecStart=/bin/x $A $B\n',
    )
    expect(argv()).toEqual(['ERROR '])
    write('/etc/default/kubelet', '# comment\nA="--one --two"\n\nB=--three\nnonsense\n')
    expect(argv()).toEqual(['/bin/x', '--one', '--two', '--three'])
  })

  it('when values hold shell code, then nothing is run', () => {
    write('/etc/default/kubelet', 'A="$(touch /tmp/x) `id` ; reboot"\n')
    write(UNIT, '[Service]\nEnvironmentFile=/etc/default/kubelet\nExecStart=/bin/x $A\n')
    expect(argv()).toEqual(['/bin/x', '$(touch', '/tmp/x)', '`id`', ';', 'reboot'])
  })
})

describe('given the files of the image', () => {
  it('when the kubelet’s own unit is read, then it starts with --config as kubeadm’s does', () => {
    expect(argv(ROOTFS)).toEqual(['/usr/bin/kubelet', '--config=/var/lib/kubelet/config.yaml'])
    expect(
      run('unit_load kubelet.service; echo "$UNIT_RESTART $UNIT_RESTART_MS ${#UNIT_MESSAGES[@]}"', ROOTFS),
    ).toEqual(['always 10000 0'])
  })

  it.each([
    'usr/lib/node-lab/init',
    'usr/lib/node-lab/unit-parser.sh',
    'usr/lib/node-lab/run-service.sh',
    'usr/lib/node-lab/unit-state.sh',
    'usr/lib/node-lab/unit-status.sh',
    'usr/lib/node-lab/unit-edit.sh',
    'usr/lib/node-lab/update-hosts',
    'usr/lib/node-lab/receive-lab-files',
    'usr/bin/systemctl',
    'usr/sbin/service',
    'usr/bin/kubelet',
    'usr/share/bash-completion/completions/systemctl',
    'usr/share/bash-completion/completions/journalctl',
    'root/.bashrc',
  ])('when bash reads %s, then it understands it', (file) => {
    expect(
      spawnSync('bash', ['--norc', '-O', 'extglob', '-n', path.join(ROOTFS, file)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    ).toMatchObject({
      status: 0,
      stderr: '',
    })
  })
})
