/** `npm run verify`: every static check by name; goes on after a failure and lists all that failed. */
import { runStep } from './support/run-step.ts'

const checks: [name: string, command: string, ...args: string[]][] = [
  ['format', 'oxfmt', '--check', '.'],
  ['types: common', 'tsc', '-p', 'tsconfig.common.json'],
  ['types: node', 'tsc', '-p', 'tsconfig.node.json'],
  ['types: e2e', 'tsc', '-p', 'tsconfig.e2e.json'],
  ['types: renderer', 'vue-tsc', '--noEmit', '-p', 'tsconfig.web.json'],
  ['lint', 'eslint', '--max-warnings', '0', '.'],
  ['import boundaries', 'depcruise', '--config', '.dependency-cruiser.cjs', 'src-main', 'src-renderer'],
  ['unused code', 'knip'],
]

const failed: string[] = []
for (const [name, command, ...args] of checks) {
  const result = await runStep(`node_modules/.bin/${command}`, args, { quiet: true })
  const passed = result.exitCode === 0
  console.log(`${passed ? 'ok    ' : 'FAILED'}  ${name}  (${result.seconds.toFixed(1)} s)`)
  if (passed) continue
  failed.push(name)
  console.log(result.output.trimEnd().replaceAll(/^/gm, '        '))
}

if (failed.length > 0) {
  console.log(`\n${failed.length} of ${checks.length} checks failed: ${failed.join(', ')}`)
  process.exitCode = 1
} else {
  console.log(`\nAll ${checks.length} checks passed.`)
}
