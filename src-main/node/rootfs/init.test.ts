import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const INIT = path.resolve(import.meta.dirname, '../../../resources/images/node/rootfs/usr/lib/node-lab/init')
/** Each write to it fails as on a full disk. */
const FULL = '/dev/full'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'init-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Runs one of init's own functions, with its files in the folder; its main loop does not begin. */
function run(script: string): string {
  const functions = readFileSync(INIT, 'utf8').match(/^\w+\(\) \{.*\}$|^\w+\(\) \{\n[^]*?^\}$/gm) ?? []
  const files = `STATE_FILE=state JOURNAL=journal JOURNAL_BYTES=10 SSH_LOG=ssh.log SSH_LOG_BYTES=10 MAIN_PID=0 MAIN_NAME=''`
  const words = ['--norc', '-c', `${functions.join('\n')}\n${files}\n${script}`]
  return spawnSync('bash', words, { cwd: folder, encoding: 'utf8' }).stdout
}

const read = (file: string): string => readFileSync(path.join(folder, file), 'utf8')
const write = (file: string, text: string): void => writeFileSync(path.join(folder, file), text)

describe('given a full disk', () => {
  it('when the state of the unit changes, then the last one that was written stays, and the new one is written later', () => {
    write('state', 'State=active\n')
    symlinkSync(FULL, path.join(folder, 'state.new'))
    expect(run('STATE=failed; write_state; echo "$IS_UNWRITTEN"')).toBe('1\n')
    expect(read('state')).toBe('State=active\n')
    rmSync(path.join(folder, 'state.new'))
    expect(run('STATE=failed IS_UNWRITTEN=1; write_state; echo "$IS_UNWRITTEN"')).toBe('\n')
    expect(read('state')).toMatch(/^State=failed\n/)
  })

  it('when the journal is too long, then neither it nor its older part is lost', () => {
    write('journal', 'newer lines\n')
    write('journal.1', 'older lines\n')
    symlinkSync(FULL, path.join(folder, 'journal.1.new'))
    run('cap_journal')
    expect([read('journal'), read('journal.1')]).toEqual(['newer lines\n', 'older lines\n'])
    expect(existsSync(path.join(folder, 'journal.1.new'))).toBe(false)
  })
})

describe('given room on the disk', () => {
  it('when the journal is too long, then it begins anew, and what was in it is its older part', () => {
    write('journal', 'newer lines\n')
    run('cap_journal')
    expect([read('journal'), read('journal.1')]).toEqual(['', 'newer lines\n'])
  })

  it('when the SSH server has written too much, then its log begins anew', () => {
    write('ssh.log', 'ten bytes.')
    run('cap_ssh_log')
    expect(statSync(path.join(folder, 'ssh.log')).size).toBe(10)
    write('ssh.log', 'more than ten bytes')
    run('cap_ssh_log')
    expect(read('ssh.log')).toBe('')
  })
})

describe('what init waits for', () => {
  const LISTEN = 'RUN=.; mkfifo control; exec 3<>control; listen'

  it('given nothing that is due, then no process sleeps for it', () => {
    expect(run('DEADLINE=0 TIMER=0; arm; echo "$TIMER $ARMED"; jobs -p')).toBe('0 0\n')
  })

  it('given a deadline, then a process ends when it has come', () => {
    const wait = 'wait $TIMER; now_ms; (( NOW >= DEADLINE && ARMED == DEADLINE )) && echo due'
    expect(run(`now_ms; DEADLINE=$((NOW + 50)) TIMER=0; arm; ${wait}`)).toBe('due\n')
  })

  it('given no request, then the reader ends with another status, and it is time to look at the logs', () => {
    expect(run(`LOOK_AT_LOGS_SECONDS=0.05; ${LISTEN}; wait $READER; (( $? > 128 )) && echo none`)).toBe('none\n')
    expect(existsSync(path.join(folder, 'request'))).toBe(false)
  })

  it('given a request, then the reader leaves it in a file', () => {
    expect(run(`LOOK_AT_LOGS_SECONDS=60; ${LISTEN}; echo stop pipe >control; wait $READER; echo $?`)).toBe('0\n')
    expect(read('request')).toBe('stop pipe\n')
  })
})

describe('root’s kubeconfig', () => {
  /** A node whose unit is as given, with a program in the place of the one that makes the kubeconfig. */
  const node = (program: string): string => {
    writeFileSync(path.join(folder, 'program'), `#!/bin/bash\n${program}\n`, { mode: 0o755 })
    return [
      'UPDATE_KUBECONFIG=./program UPDATE_KUBECONFIG_SECONDS=0.2 UNIT=kubelet.service UNIT_LOAD_STATE=loaded',
      'UNIT_ARGV=(kubelet); unit_command() { :; }; run_service() { :; }; started_too_often() { false; }',
      'reply() { echo "reply $1"; }; unit_reason() { echo masked; }',
    ].join('\n')
  }

  it('given a kubelet that is started, then it is there before whoever asked goes on', () => {
    const asker = 'reply() { [[ -e made ]] && echo ready; }'
    expect(run(`${node('touch made')}; ${asker}; start_service restart`)).toBe('ready\n')
  })

  it('given a program that never ends, then init goes on and says so in the journal', () => {
    const started = performance.now()
    expect(run(`${node('sleep 60')}; start_service start`)).toBe('reply 0\n')
    expect(performance.now() - started).toBeLessThan(30_000)
    expect(read('journal')).toMatch(/ note 4 1 systemd Failed to update root's kubeconfig: exit code 124\n/)
  })

  it('given a program that fails, then why is one line in the journal', () => {
    run(`${node('echo one >&2; echo two >&2; exit 3')}; update_kubeconfig`)
    expect(read('journal')).toMatch(
      /^@\S+ note 4 1 systemd Failed to update root's kubeconfig: exit code 3: one; two\n$/,
    )
  })

  it.each(['masked', 'not-found'])(
    'given a kubelet that is %s, when the node starts, then it is made all the same',
    (loadState) => {
      const boot = [
        `UNIT_LOAD_STATE=${loadState} RUN=. HOSTNAME=node01; echo boot >boot-id`,
        'for name in prepare load_unit start_ssh listen set_state; do eval "$name() { :; }"; done',
        'await_child() { exit; }; main',
      ]
      run(`${node('touch made')}\n${boot.join('\n')}`)
      expect(existsSync(path.join(folder, 'made'))).toBe(true)
    },
  )
})

describe('the run of the command that is loaded, for systemctl show', () => {
  const UNIT = [
    'UNIT=kubelet.service MAIN_PID=7 COMMAND_RUN=known UNIT_EXEC_TEXT=old new=old',
    'unit_load() { UNIT_EXEC_TEXT=$new; }; unit_stamp() { :; }; UNIT_VARIABLES=(UNIT)',
    'for name in finish_stop name_exit unit_title; do eval "$name() { :; }"; done; STATE=deactivating',
    'show() { printf "%s\\n" "${COMMAND_RUN:-nothing}"; }',
  ].join('\n')

  it('given one that runs, when the unit is loaded again, then it is known no more until it has ended', () => {
    expect(run(`${UNIT}; load_unit; show; ended success exited 0; show`)).toBe('awaited\nknown\n')
  })

  it('given one that runs, when another command is loaded, then it is not that one’s, also when it has ended', () => {
    expect(run(`${UNIT}; new=other; load_unit; show; new=old; load_unit; ended success; show`)).toBe(
      'nothing\nnothing\n',
    )
  })

  it('given one that has ended, when the unit is loaded again, then it is forgotten', () => {
    expect(run(`${UNIT}; MAIN_PID=0; load_unit; write_state`)).toBe('')
    expect(read('state')).toMatch(/^CommandRun=$/m)
  })
})
