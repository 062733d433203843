import { PassThrough, Readable } from 'node:stream';
import type { Command } from '../src/cli/command.ts';

export type Ended = { code: number | null; output: string };

/** Runs a command of the terminal in this process, with `input` typed. `output`: what it said, on both streams. */
export async function run(
  command: Command,
  argv: string[],
  env: Record<string, string>,
  input = '',
): Promise<Ended> {
  const screen = new PassThrough();
  let output = '';
  screen.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const code = await command(argv, env, { stdin: Readable.from([input]), stdout: screen, stderr: screen });
  screen.end();
  return { code, output };
}
