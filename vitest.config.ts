import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** What is stored is synced to the disk at every commit, which would be a third of the time. In memory it costs nothing. */
const env = existsSync('/dev/shm') ? { TMPDIR: '/dev/shm' } : {};

/** The tests of the app and of the local Slack and HaloPSA wait for most of their time; the others keep their cores busy. */
const startsProcesses =
  !process.argv.includes('app') ||
  process.argv.some((word) => ['processes', 'browser', 'chaos'].includes(word));

type ProjectOptions = NonNullable<TestProjectInlineConfiguration['test']>;

/** `isolate: false`: loading the modules again for each file would cost 2 s a file. No test keeps anything in them. */
const project = (name: string, include: string[], more: ProjectOptions = {}) => ({
  test: { name, include, env, isolate: false, testTimeout: 60_000, hookTimeout: 60_000, ...more },
});

/** What each of them covers and needs stands in README.md. */
export default defineConfig({
  test: {
    maxWorkers: startsProcesses ? '100%' : Math.ceil(availableParallelism() * 1.5),
    projects: [
      project('app', ['test/*.test.ts']),
      project('sandbox', ['sandbox/**/*.test.ts']),
      project('processes', ['test/processes/*.test.ts'], { globalSetup: 'test/processes/needs.ts' }),
      project('browser', ['test/browser/*.test.ts'], { globalSetup: 'test/browser/needs.ts' }),
      // Alone, after the others: which faults it meets depends on the time that they leave it.
      project('chaos', ['test/chaos/*.test.ts'], { testTimeout: 300_000, sequence: { groupOrder: 1 } }),
    ],
  },
});
