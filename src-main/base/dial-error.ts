/** What became of a connection, in the words of Go's network library where we know them (facts 2.13.6). */
export function dialError(host: string, port: number, error: Error): string {
  const code = 'code' in error ? error.code : undefined
  if (code === 'ECONNREFUSED') return `dial tcp ${host}:${port}: connect: connection refused`
  if (code === 'EHOSTUNREACH') return `dial tcp ${host}:${port}: connect: no route to host`
  if (code === 'ENETUNREACH') return `dial tcp ${host}:${port}: connect: network is unreachable`
  if (code === 'ETIMEDOUT') return `dial tcp ${host}:${port}: i/o timeout`
  return code === 'ECONNRESET' ? 'EOF' : error.message
}
