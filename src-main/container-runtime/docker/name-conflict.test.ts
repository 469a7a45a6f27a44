import { describe, expect, it } from 'vitest'
import type { EngineIdentity } from './engine-labels.ts'
import type { EngineContainerState } from './engine-types.ts'
import { computeNameConflict } from './name-conflict.ts'
import type { NameConflictAction } from './name-conflict.ts'

const identity = (overrides: Partial<EngineIdentity>): EngineIdentity => ({
  role: 'container',
  podName: 'p',
  podNamespace: 'default',
  podUid: 'u',
  containerName: 'c',
  attempt: 0,
  boot: 'b1',
  specHash: 'h1',
  sandboxId: 's1',
  createdAtNs: 1n,
  networkMode: 'POD',
  logPath: '',
  image: '',
  imageRef: '',
  mounts: [],
  heldVolumes: [],
  hostPorts: [],
  hasResolvConf: false,
  ...overrides,
})
const run = (Status: EngineContainerState['Status'], ExitCode = 0): EngineContainerState => ({
  Status,
  Running: Status === 'running',
  OOMKilled: false,
  ExitCode,
  Error: '',
  StartedAt: '',
  FinishedAt: '',
})

describe('computeNameConflict', () => {
  const cases: [
    string,
    Partial<EngineIdentity> | undefined,
    EngineContainerState,
    EngineIdentity['role'],
    NameConflictAction,
  ][] = [
    ['the same container that waits for its start', {}, run('created'), 'container', 'adopt'],
    ['the same container whose start failed', {}, run('created', 127), 'container', 'replace'],
    ['the same container that runs', {}, run('running'), 'container', 'refuse'],
    ['a dead one', {}, run('exited', 1), 'container', 'replace'],
    ['one of another sandbox', { sandboxId: 's0' }, run('created'), 'container', 'replace'],
    ['one of another configuration', { specHash: 'h0' }, run('created'), 'container', 'replace'],
    ['a running one of another boot', { boot: 'b0' }, run('running'), 'container', 'replace'],
    ['something without our labels', undefined, run('exited'), 'container', 'refuse'],
    ['the same sandbox that runs', { role: 'sandbox' }, run('running'), 'sandbox', 'adopt'],
    ['the same sandbox that was never started', { role: 'sandbox' }, run('created'), 'sandbox', 'adopt'],
    ['the same sandbox that died', { role: 'sandbox' }, run('exited'), 'sandbox', 'replace'],
    ['a running sandbox that differs', { role: 'sandbox', specHash: 'h0' }, run('running'), 'sandbox', 'refuse'],
  ]
  it.each(cases)('given %s, then as the table says', (_name, existing, state, role, action) => {
    const wanted = { role, boot: 'b1', specHash: 'h1', sandboxId: 's1' }
    const given = { identity: existing === undefined ? undefined : identity(existing), state }
    expect(computeNameConflict(given, wanted)).toBe(action)
  })
})
