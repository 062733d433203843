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

type Import = { from: string; to: string; typeOnly: boolean };
const importsOf = (file: string): Import[] =>
  [...read(file).matchAll(/^import (type )?[\s\S]*? from '([^']+)'/gm)].map(([, type, to = '']) => ({
    from: file,
    to: to.startsWith('.') ? relative(root, resolve(root, dirname(file), to)) : to,
    typeOnly: type !== undefined,
  }));
const imports = filesIn('src').flatMap(importsOf);
const folderOf = (path: string) => /^src\/([^/]+)\//.exec(path)?.[1];

/** What each folder may use of the others. Types may be imported from everywhere. */
const arrows: Record<string, string[]> = {
  actions: ['requests', 'fields', 'views', 'slack', 'halo', 'storage', 'text'],
  commands: ['actions', 'requests', 'provisioning', 'fields', 'views', 'slack', 'halo', 'storage', 'text'],
  notifications: ['actions', 'requests', 'views', 'slack', 'storage'],
  slack: ['requests', 'storage'],
  provisioning: ['requests', 'fields', 'halo', 'storage'],
  requests: ['fields', 'halo', 'storage', 'text'],
  fields: ['halo', 'text'],
  storage: ['requests'],
  cli: ['provisioning', 'requests', 'fields', 'views', 'slack', 'halo', 'storage'],
  views: ['fields', 'text'],
  halo: [],
  text: [],
};
/** What a folder may use of the files beside the folders. */
const files: Record<string, string[]> = {
  cli: ['src/config.ts', 'src/proxy.ts', 'src/variables.ts'],
  slack: ['src/age.ts', 'src/proxy.ts'],
  halo: ['src/age.ts', 'src/proxy.ts'],
};

describe('the layout', () => {
  test.each(Object.entries(arrows))('%s uses only %o', (folder, allowed) => {
    const wrong = imports.filter(
      ({ from, to, typeOnly }) =>
        folderOf(from) === folder &&
        to.startsWith('src/') &&
        !typeOnly &&
        ![folder, ...allowed].includes(folderOf(to) ?? '') &&
        !files[folder]?.includes(to),
    );
    expect(wrong).toEqual([]);
  });

  test('storage knows of requests only what a stored one is', () => {
    const used = imports.filter(
      ({ from, to }) => folderOf(from) === 'storage' && folderOf(to) === 'requests',
    );
    expect(new Set(used.map(({ to }) => to))).toEqual(new Set(['src/requests/request.ts']));
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
    const writers = imports.filter(({ to, typeOnly }) => to === 'src/halo/agents.ts' && !typeOnly);
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
