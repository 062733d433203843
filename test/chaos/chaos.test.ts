import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';
import { breakNames, type Break } from '../../sandbox/chaos/breaks.ts';

const main = fileURLToPath(new URL('../../sandbox/chaos/main.ts', import.meta.url));

/** Chaos with few requests on an app that is broken on purpose. */
async function chaos(broken: Break, runs: number): Promise<{ code: number | null; output: string }> {
  const args = ['--import', 'tsx', main, '--runs', String(runs), '--seed', '3', '--break', broken];
  const child = spawn(process.execPath, args);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, output };
}

const expected: Record<Break, { runs: number; complaint: RegExp }> = {
  'repeat-create': { runs: 12, complaint: /2 agents in HaloPSA/ },
  'repeat-post': { runs: 12, complaint: /told twice/ },
  'forget-tasks': { runs: 40, complaint: /has not ended|Waited in vain/ },
};

test.concurrent.for(breakNames)(
  'a chaos run that cannot fail would prove nothing: it finds an app that is broken by %s',
  async (broken, { expect }) => {
    const { runs, complaint } = expected[broken];
    const { code, output } = await chaos(broken, runs);
    expect(output).toMatch(complaint);
    expect(code).toBe(1);
  },
);
