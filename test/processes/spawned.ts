import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Ended } from '../cli.ts';
import { newFolder } from '../stored.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export type Spawned = { child: ChildProcess; ended: Promise<Ended> };

/** `npm run <script> -- …args`, typed in `folder`. Through npm itself only when asked: it takes a second. */
export function spawned(
  script: 'storage' | 'audit' | 'doctor',
  args: string[],
  env: Record<string, string>,
  { folder = newFolder(), npm = false, input = '' }: { folder?: string; npm?: boolean; input?: string } = {},
): Spawned {
  const path = process.env['PATH'] ?? '';
  const child = npm
    ? spawn('npm', ['--prefix', root, 'run', '--silent', script, '--', ...args], {
        cwd: folder,
        env: { ...env, PATH: path, HOME: folder },
      })
    : spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', script, ...args], {
        cwd: root,
        env: { ...env, PATH: path, INIT_CWD: folder },
      });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  child.stdin.end(input);
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, output }));
  return { child, ended };
}
