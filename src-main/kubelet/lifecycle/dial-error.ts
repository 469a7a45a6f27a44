/** Why a connection came to nothing, in the words of Go's net package where we know them. */
export function dialError(host: string, port: number, error: Error): string {
  const code = 'code' in error ? error.code : undefined
  if (code === 'ECONNREFUSED') return `dial tcp ${host}:${port}: connect: connection refused`
  if (code === 'EHOSTUNREACH') return `dial tcp ${host}:${port}: connect: no route to host`
  return code === 'ECONNRESET' ? 'EOF' : error.message
}
