/** Certificates for tests, made by `openssl` as a learner would. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TestPair {
  cert: string
  key: string
}

export interface TestAuthority extends Disposable {
  /** Path of the CA's certificate. */
  caFile: string
  /** A client certificate of it; `subject` such as `/O=team/CN=ada`. */
  issue(subject: string): TestPair
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

export function newTestAuthority(): TestAuthority {
  const folder = mkdtempSync(join(tmpdir(), 'test-ca-'))
  const at = (name: string): string => join(folder, name)
  const openssl = (...words: string[]): void => void execFileSync('openssl', words, { stdio: 'ignore' })
  openssl(
    'req',
    '-x509',
    ...NEW_KEY,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.crt'),
    '-days',
    '2',
    '-subj',
    '/CN=test-ca',
  )
  return {
    caFile: at('ca.crt'),
    issue(subject) {
      openssl('req', '-new', ...NEW_KEY, '-keyout', at('c.key'), '-out', at('c.csr'), '-subj', subject)
      const ca = ['-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-CAcreateserial']
      openssl('x509', '-req', '-in', at('c.csr'), ...ca, '-days', '2', '-out', at('c.crt'))
      return { cert: readFileSync(at('c.crt'), 'utf8'), key: readFileSync(at('c.key'), 'utf8') }
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}
