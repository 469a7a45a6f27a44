import { expect, it } from 'vitest'
import { LabError } from '../../common/lab-error.ts'
import { requireImageMaking, withImportRemedy } from './require-image-making.ts'

const machine = { platform: 'linux', architecture: 'amd64' } as const

it.each([
  [
    { ...machine, platform: 'darwin' as const },
    'amd64',
    'the engine lacks images of Node Lab (node), and they cannot be made on macOS',
  ],
  [{ ...machine, platform: 'win32' as const }, 'amd64', 'cannot be made on Windows'],
  [machine, 'arm64', 'it runs on arm64, and this machine makes images for amd64'],
])(
  'given %j and an engine on %s, then no image can be made, and the remedy is to import them',
  (here, engine, message) => {
    const attempt = (): void => requireImageMaking(['node'], here, engine)
    expect(attempt).toThrow(message)
    expect(attempt).toThrow(
      expect.objectContaining({ kind: 'Unavailable', remedy: expect.stringContaining('node-lab images import FILE') }),
    )
  },
)

it("given a Linux machine with the engine's processor, then it may try, and when Debian cannot be reached the import is named too", () => {
  expect(() => requireImageMaking(['node'], machine, 'amd64')).not.toThrow()
  const failure = new LabError({ kind: 'Unavailable', message: 'no mirror', remedy: 'Use Debian.' })
  expect(withImportRemedy(failure)).toMatchObject({
    message: 'no mirror',
    remedy: expect.stringMatching(/^Use Debian\. Or: Run `node-lab images import FILE`/),
  })
})
