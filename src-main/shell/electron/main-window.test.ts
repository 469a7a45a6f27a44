import type { Session } from 'electron'
import { describe, expect, it, vi } from 'vitest'
import { denyPermissions } from './main-window.ts'

vi.mock('electron', () => ({}))

describe('denyPermissions', () => {
  it.each<[string, boolean]>([
    ['clipboard-sanitized-write', true],
    ['clipboard-read', false],
    ['media', false],
    ['geolocation', false],
    ['notifications', false],
    ['openExternal', false],
    ['fileSystem', false],
  ])('given the page, when it asks for %s, then the answer is %s', (permission, expected) => {
    const answers: unknown[] = []
    const session = {
      setPermissionRequestHandler: (handler: (...values: unknown[]) => void) =>
        handler({}, permission, (isGranted: boolean) => answers.push(isGranted)),
      setPermissionCheckHandler: (handler: (...values: unknown[]) => boolean) => answers.push(handler({}, permission)),
      setDevicePermissionHandler: (handler: () => boolean) => answers.push(handler()),
    }
    denyPermissions(session as unknown as Session)
    expect(answers).toEqual([expected, expected, false])
  })
})
