import { describe, expect, it } from 'vitest'
import {
  computeAptConfiguration,
  computeSourceLines,
  parseIndexTargets,
  parseOsRelease,
  parsePrintUris,
} from './apt-configuration.ts'

const KEY = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
const targets = [
  'http://mirror.test/debian/|bookworm|main|Packages',
  'http://mirror.test/debian/|bookworm|main|Translations',
  'http://mirror.test/debian/|bookworm-updates|main|Packages',
  'http://mirror.test/security/|bookworm-security|main|Packages',
  'http://other.test/apt/|cloud-bookworm|main|Packages',
  'http://third.test/|nodistro|main|Packages',
].join('\n')

describe('computeSourceLines', () => {
  it("given the machine's sources, then the same mirrors serve the other suite, and foreign ones do not", () => {
    expect(computeSourceLines(parseIndexTargets(targets), 'bookworm', 'trixie')).toEqual([
      `deb ${KEY} http://mirror.test/debian/ trixie main`,
      `deb ${KEY} http://mirror.test/debian/ trixie-updates main`,
      `deb ${KEY} http://mirror.test/security/ trixie-security main`,
    ])
  })

  it('given only a main part, then that is all', () => {
    const sources = parseIndexTargets('http://mirror.test/debian/|stable|main|Packages')
    expect(computeSourceLines(sources, 'bookworm', 'trixie')).toEqual([
      `deb ${KEY} http://mirror.test/debian/ trixie main`,
    ])
  })

  it('given no mirror of the release, then there is nothing', () => {
    const sources = parseIndexTargets(
      'http://third.test/|nodistro|main|Packages\nhttp://m.test/|bookworm-security|main|Packages',
    )
    expect(computeSourceLines(sources, 'bookworm', 'trixie')).toEqual([])
  })
})

describe('parsePrintUris', () => {
  it("given apt's list, then names and versions come from the file names", () => {
    const output = [
      "'http://m.test/pool/b/busybox-static_1.37.0-6%2bb9_amd64.deb' busybox-static_1%3a1.37.0-6+b9_amd64.deb 955316 MD5Sum:60",
      'Reading package lists...',
      "'http://m.test/pool/a/a_1_all.deb' a_1_all.deb 12 SHA256:00",
    ].join('\n')
    expect(parsePrintUris(output)).toEqual([
      { file: 'a_1_all.deb', name: 'a', version: '1' },
      { file: 'busybox-static_1%3a1.37.0-6+b9_amd64.deb', name: 'busybox-static', version: '1:1.37.0-6+b9' },
    ])
  })
})

it('given os-release, then quotes are taken off', () => {
  expect(parseOsRelease('ID=debian\nVERSION_CODENAME="bookworm"\n', 'VERSION_CODENAME')).toBe('bookworm')
  expect(parseOsRelease('ID=debian\n', 'VERSION_CODENAME')).toBeUndefined()
})

it("given a folder, then apt's lists, state and packages are all in it", () => {
  const text = computeAptConfiguration('/f')
  for (const name of ['Dir::State ', 'Dir::State::status', 'Dir::Cache', 'Dir::Etc::sourcelist'])
    expect(text).toContain(`${name.trim()} "/f/`)
})
