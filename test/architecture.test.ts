import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { commandNames } from '../src/views/ids.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const filesIn = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));
const read = (file: string) => readFileSync(join(root, file), 'utf8');

type Import = { from: string; to: string; isType: boolean };
const importsOf = (file: string): Import[] =>
  [...read(file).matchAll(/^import (type )?[\s\S]*? from '([^']+)'/gm)].map(([, type, to = '']) => ({
    from: file,
    to: to.startsWith('.') ? relative(root, resolve(root, dirname(file), to)) : to,
    isType: type !== undefined,
  }));
const imports = filesIn('src').flatMap(importsOf);
const folderOf = (path: string) => /^src\/([^/]+)\//.exec(path)?.[1];

/** What each folder may use of the others, types too. */
const arrows: Record<string, string[]> = {
  actions: ['requests', 'fields', 'views', 'slack', 'halo', 'storage', 'text'],
  commands: ['actions', 'requests', 'provisioning', 'fields', 'views', 'slack', 'halo', 'storage', 'text'],
  notifications: ['actions', 'requests', 'views', 'slack', 'storage'],
  slack: ['requests', 'halo', 'storage'],
  provisioning: ['requests', 'fields', 'halo', 'storage'],
  requests: ['fields', 'halo', 'storage', 'text'],
  fields: ['halo', 'text'],
  storage: ['text'],
  cli: ['provisioning', 'requests', 'fields', 'views', 'slack', 'halo', 'storage'],
  views: ['requests', 'fields', 'halo', 'storage', 'text'],
  halo: [],
  text: [],
};
/** What a folder may use of the files beside the folders. */
const files: Record<string, string[]> = {
  actions: ['src/budgets.ts', 'src/config.ts'],
  commands: ['src/budgets.ts'],
  cli: ['src/config.ts', 'src/proxy.ts', 'src/variables.ts'],
  slack: ['src/age.ts', 'src/config.ts', 'src/proxy.ts', 'src/server.ts'],
  halo: ['src/age.ts', 'src/proxy.ts'],
};

describe('the layout', () => {
  test.each(Object.entries(arrows))('%s uses only %o', (folder, allowed) => {
    const wrong = imports.filter(
      ({ from, to }) =>
        folderOf(from) === folder &&
        to.startsWith('src/') &&
        ![folder, ...allowed].includes(folderOf(to) ?? '') &&
        !files[folder]?.includes(to),
    );
    expect(wrong).toEqual([]);
  });

  test('the arrows lead nowhere back', () => {
    const reach = (folder: string, seen: readonly string[] = []): string[] =>
      (arrows[folder] ?? []).flatMap((next) =>
        seen.includes(next) ? [next] : [next, ...reach(next, [...seen, next])],
      );
    expect(Object.keys(arrows).filter((folder) => reach(folder).includes(folder))).toEqual([]);
  });

  test('axios stays in one file, because its errors carry the secret and the token', () => {
    expect(imports.filter(({ to }) => to === 'axios').map(({ from }) => from)).toEqual([
      'src/halo/client.ts',
    ]);
  });

  test('every write to HaloPSA for a request passes the last gate', () => {
    const calls = filesIn('src/provisioning').flatMap((file) => [
      ...read(file).matchAll(/\b(createAgent|updateAgent|deleteAgent)\(([^;]*);/g),
    ]);
    expect(calls.length).toBeGreaterThan(1);
    expect(calls.filter(([, , args = '']) => !args.includes('job.assertMayWrite('))).toEqual([]);
    const writers = imports.filter(({ to, isType }) => to === 'src/halo/agents.ts' && !isType);
    expect(
      writers
        .map(({ from }) => from)
        .filter((from) => /\b(createAgent|updateAgent|deleteAgent)\b/.test(read(from)))
        .filter((from) => !from.startsWith('src/provisioning/'))
        .sort(),
    ).toEqual(['src/cli/doctor/probe-agent.ts', 'src/cli/doctor/probe-fields.ts']);
  });

  test('HaloPSA’s client knows no Slack', () => {
    expect(imports.filter(({ from, to }) => folderOf(from) === 'halo' && to.startsWith('@slack/'))).toEqual(
      [],
    );
  });

  test('src uses nothing of the sandbox or the tests', () => {
    expect(imports.filter(({ to }) => to.startsWith('sandbox') || to.startsWith('test'))).toEqual([]);
  });

  test('the environment is read where a process begins, and nowhere else', () => {
    expect(
      filesIn('src')
        .filter((file) => read(file).includes('process.env'))
        .sort(),
    ).toEqual(['src/cli/main.ts', 'src/index.ts']);
  });

  test('every package that is installed is pinned by its content', () => {
    const lock = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { integrity?: string; version?: string }>;
    };
    const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
      'dependencies' | 'devDependencies',
      Record<string, string>
    >;
    const versions = Object.values({ ...dependencies, ...devDependencies });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  test('the commands of the code are those of the manifest', () => {
    const manifest = parse(read('manifest.yml')) as { features: { slash_commands: { command: string }[] } };
    expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual(
      Object.values(commandNames),
    );
  });
});
