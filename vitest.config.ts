/** Vitest's projects: `unit` (no engine, fake clock), `renderer` (happy-dom), `engine` and `full` (the real engine; they fail without one). */
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { findContainerdObstacle } from './tests/support/containerd/containerd-obstacle.ts'

const common = fileURLToPath(new URL('./src-main/common', import.meta.url))
const engineTests = ['{src-main,tests}/**/*.engine.test.ts', 'tests/integration/**/*.test.ts']
/** Left out where there cannot be a containerd; the global setup says so. */
const containerdTests = ['tests/{conformance,support/containerd}/*containerd*.engine.test.ts']
/** The long ladders: minutes of real time each. */
const fullTests = ['tests/full/**/*.test.ts']
/**
 * Limits end what hangs; they are no measure of speed. A machine that runs four things at once takes ten times as long,
 * and one slow flush of its disk outlasts the second that vitest would look.
 */
const QUICK_TESTS = { testTimeout: 120_000, hookTimeout: 120_000, expect: { poll: { timeout: 30_000 } } }
const ENGINE_EXPECT = { poll: { timeout: 60_000 } }

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'src-main/**/*.test.ts',
            'scripts/**/*.test.ts',
            'tests/{conformance,golden,random-histories,support}/**/*.test.ts',
          ],
          exclude: [...engineTests, '**/node_modules/**'],
          environment: 'node',
          ...QUICK_TESTS,
        },
      },
      {
        plugins: [vue()],
        resolve: { alias: { '@common': common } },
        test: {
          name: 'renderer',
          include: ['src-renderer/**/*.test.ts'],
          environment: 'happy-dom',
          ...QUICK_TESTS,
        },
      },
      {
        test: {
          name: 'full',
          globalSetup: 'tests/support/product-images.ts',
          include: fullTests,
          environment: 'node',
          fileParallelism: false,
          expect: ENGINE_EXPECT,
          testTimeout: 900_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'engine',
          include: engineTests,
          exclude: findContainerdObstacle() === undefined ? [] : containerdTests,
          globalSetup: ['tests/support/product-images.ts', 'tests/support/containerd/global-setup.ts'],
          environment: 'node',
          fileParallelism: false,
          expect: ENGINE_EXPECT,
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
