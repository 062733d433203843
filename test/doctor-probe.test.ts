import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { doctor as doctorCommand } from '../src/cli/doctor.ts';
import { readConfig } from '../src/config.ts';
import { observeHalo } from '../src/cli/doctor/observed-halo.ts';
import { probe } from '../src/cli/doctor/probe.ts';
import { presetNames, type PresetName } from '../sandbox/halo/presets.ts';
import { seed } from '../sandbox/halo/seed.ts';
import { run as runCommand } from './cli.ts';
import { DoctorStage, secrets } from './doctor-stage.ts';

let stage: DoctorStage | undefined;
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

const open = async (preset: PresetName = 'usual') => (stage = await DoctorStage.open({ halo: { preset } }));
const run = (at: DoctorStage) => {
  const read = readConfig(at.env);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  const probing = { ...observeHalo(read.config.halo), pausesMs: [1, 1, 1] };
  return probe(probing, new Date('2026-11-25T09:00:00Z'), '3f9a1c07');
};
const probes = ({ halo }: DoctorStage) => halo.agents.filter(({ name }) => name.includes('probe'));

const tried = (outcome: string, ...updates: unknown[]) => ({
  onCreate: expect.objectContaining({ outcome }) as unknown,
  byUpdate: updates.map((update) => expect.objectContaining(update as object) as unknown),
});
const kept = { outcome: 'set' };
const created = { outcome: 'created', status: 201, shape: 'object', foundInList: false };

/** What the probe must learn of each imagined build. */
const learned: Partial<Record<PresetName, object>> = {
  usual: {
    haloVersion: '2.250.32',
    listShape: 'array',
    creates: [expect.objectContaining(created)],
    readsAfterCreate: 1,
    fields: Object.fromEntries(
      ['name', 'email', 'roles', 'isActive', 'isApiOnly', 'teams', 'defaultTeam', 'workday', 'timeZone'].map(
        (field) => [field, tried('set')],
      ),
    ),
    timeZones: { agent: 'windows', workdays: expect.arrayContaining(['windows']) as unknown },
    removal: { outcome: 'gone', status: 200, shape: 'object' },
  },
  'before-2026': {
    fields: { timeZone: tried('not_reported') },
    timeZones: { agent: 'not reported' },
  },
  'never-timezone': {
    fields: { timeZone: tried('different', { outcome: 'different' }, { outcome: 'different' }) },
    timeZones: { agent: 'empty' },
  },
  'iana-timezones': {
    fields: {
      timeZone: tried(
        'different',
        { sent: ['timezone (windows)'], outcome: 'different' },
        { sent: ['timezone (iana)'], ...kept },
      ),
    },
    timeZones: { agent: 'iana', workdays: ['empty', 'iana'] },
  },
  'iana-timezones-only': {
    creates: [expect.objectContaining({ outcome: 'invalid', status: 400 }), expect.objectContaining(created)],
    fields: { timeZone: tried('not_sent', { outcome: 'refused' }, kept), roles: tried('not_sent', kept) },
  },
  'add-properties': {
    fields: {
      roles: tried('different', { sent: ['roles'], outcome: 'different' }, { sent: ['add_roles'], ...kept }),
      teams: tried('different', { outcome: 'different' }, { sent: ['add_teams'], ...kept }),
    },
  },
  'update-only': {
    fields: {
      roles: tried('different', { sent: ['roles'], ...kept }),
      teams: tried('different', { sent: ['teams', 'team'], ...kept }),
      workday: tried('different', { sent: ['workday_id'], ...kept }),
      timeZone: tried('set'),
    },
  },
  'never-teams': {
    fields: { teams: tried('different', { outcome: 'different' }, { outcome: 'different' }) },
  },
  'late-reads': { creates: [expect.objectContaining(created)], readsAfterCreate: 4 },
  'array-answers-200': { creates: [expect.objectContaining({ ...created, status: 200, shape: 'array' })] },
  'wrapped-lists': { listShape: 'results' },
  'lost-answer': {
    creates: [expect.objectContaining({ outcome: 'outcome_unknown', foundInList: true })],
    fields: { roles: tried('set') },
    removal: expect.objectContaining({ outcome: 'gone' }) as unknown,
  },
  'database-error-after-commit': {
    creates: [expect.objectContaining({ outcome: 'outcome_unknown', status: 400, foundInList: true })],
  },
};

describe('the probe learns how this HaloPSA is', () => {
  test.each(Object.entries(learned))('%s', async (preset, expected) => {
    const at = await open(presetNames.find((name) => name === preset));
    const { report, told, isWell } = await run(at);
    expect(report).toMatchObject(expected);
    expect(told).toEqual([]);
    expect(isWell).toBe(true);
    expect(probes(at)).toEqual([]);
  });

  test.each(presetNames)('%s: the agent is gone, all others are as they were', async (preset) => {
    const at = await open(preset);
    const before = structuredClone(at.halo.agents);
    await run(at);
    expect(at.halo.agents).toEqual(before);
  });

  test('the report holds no name, address or secret of the tenant', async () => {
    const at = await open('add-properties');
    const text = JSON.stringify((await run(at)).report);
    const { agents, teams, roles, workdays } = seed;
    for (const { name } of [...agents, ...teams, ...roles, ...workdays]) expect(text).not.toContain(name);
    for (const secret of [...secrets, ...at.halo.issuedTokens]) expect(text).not.toContain(secret);
    expect(text).not.toContain('@');
  });
});

describe('what the probe cannot do is told', () => {
  test('the login agent may not edit: nothing was created, and where to mend it', async () => {
    const at = await open('no-permission');
    const { report, told, isWell } = await run(at);
    expect(told.join()).toMatch(
      /No agent was created.*this app isn’t allowed to change agents.*role of the agent/s,
    );
    expect(report?.creates).toMatchObject([{ outcome: 'forbidden', status: 403, foundInList: false }]);
    expect(isWell).toBe(false);
  });

  test('the create’s answer is lost and the agent does not show: nobody claims that there is none', async () => {
    const at = await open();
    at.halo.fail({ method: 'POST', path: '/api/Agent' }, { kind: 'drop' });
    const { told, isWell } = await run(at);
    expect(told.join()).toMatch(
      /CHECK MANUALLY.*neo-setup probe, please delete 2026-11-25T09:00:00Z 3f9a1c07/,
    );
    expect(isWell).toBe(false);
  });

  test.each([403, 500])(
    'the delete is answered by %i: who must be deleted by hand, and where',
    async (status) => {
      const at = await open();
      at.halo.fail({ method: 'DELETE', path: '/api/Agent/*' }, { kind: 'status', status });
      const { report, told, isWell } = await run(at);
      const [left] = probes(at);
      expect(told.join()).toContain(`ID ${left?.id ?? 'none'}.`);
      expect(told.join()).toMatch(/DELETE MANUALLY in HaloPSA under Configuration → Teams & Agents → Agents/);
      expect(report?.removal).toMatchObject({ outcome: 'still there', status });
      expect(isWell).toBe(false);
      const deletes = at.halo.journal.filter(({ method }) => method === 'DELETE');
      expect(deletes).toHaveLength(1);
    },
  );

  test('the delete’s answer is lost, and the agent is gone: all is well', async () => {
    const at = await open();
    at.halo.fail({ method: 'DELETE', path: '/api/Agent/*' }, { kind: 'drop', after: true });
    const { told, isWell } = await run(at);
    expect(told).toEqual([]);
    expect(isWell).toBe(true);
    expect(probes(at)).toEqual([]);
  });

  test('HaloPSA goes away while the probe reads: the agent is deleted all the same', async () => {
    const at = await open();
    at.halo.fail({ method: 'GET', path: '/api/Agent/*' }, { kind: 'status', status: 500 });
    const { told, isWell } = await run(at);
    expect(told).toEqual([expect.stringContaining('The probe is incomplete')]);
    expect(isWell).toBe(false);
    expect(probes(at)).toEqual([]);
  });

  test('a create that HaloPSA refused, did, and shows late: both agents are deleted', async () => {
    const at = await open();
    at.halo.quirks.lagReads = 5;
    at.halo.fail(
      { method: 'POST', path: '/api/Agent' },
      { kind: 'status', status: 400, body: '"Timezone not found"', after: true },
    );
    const { report } = await run(at);
    expect(report?.creates).toMatchObject([{ outcome: 'invalid' }, { outcome: 'created' }]);
    expect(probes(at)).toEqual([]);
  });

  test.each([
    ['and creates none', false],
    ['and creates ours', true],
  ])(
    'the create is answered with the administrator’s ID %s: nobody but the probe is touched',
    async (_, after) => {
      const at = await open();
      const before = structuredClone(at.halo.agents);
      at.halo.fail(
        { method: 'POST', path: '/api/Agent' },
        { kind: 'status', status: 201, body: '{"id":3}', after },
      );
      const { told, isWell } = await run(at);
      expect(at.halo.agents).toEqual(before);
      expect(isWell).toBe(false);
      expect(told.join()).toContain('The probe is incomplete');
      expect(told.join().includes('CHECK MANUALLY')).toBe(!after);
      const touched = at.halo.journal.filter(({ method, path, body }) =>
        method === 'DELETE' ? path.endsWith('/3') : JSON.stringify(body ?? null).includes('"id":3'),
      );
      expect(touched).toEqual([]);
    },
  );

  test('there is no team to give the agent: nothing is created', async () => {
    stage = await DoctorStage.open({ halo: { seed: { teams: [] } } });
    const { told } = await run(stage);
    expect(told.join()).toMatch(/Nothing was created/);
    expect(
      stage.halo.journal.filter(({ path, method }) => method === 'POST' && path === '/api/Agent'),
    ).toEqual([]);
  });
});

/** `npm run doctor -- …args`, with `input` typed. */
const doctor = (at: DoctorStage, args: string[], input = '') =>
  runCommand(doctorCommand, args, at.env, input);

describe('npm run doctor', () => {
  test('ends with 0 when all is well, and with 1 for a fault', async () => {
    const at = await open();
    const { code, output } = await doctor(at, []);
    expect(output).toMatch(/✓ ok +Slack scopes/);
    expect(code).toBe(0);
    at.env['HALO_CLIENT_SECRET'] = 'wrong';
    expect((await doctor(at, [])).code).toBe(1);
    expect((await doctor(at, ['--porbe'])).output).toContain('npm run doctor -- --probe');
  });

  test.each([
    ['no', 'no\n', 'Nothing was created.'],
    ['an empty line', '\n', 'Nothing was created.'],
    [
      'nothing, because nobody is there',
      '',
      'Nothing was created: there was no answer. Run the probe in a terminal',
    ],
  ])('--probe answered by %s changes nothing', async (_, input, said) => {
    const at = await open();
    const { code, output } = await doctor(at, ['--probe'], input);
    expect(output).toContain(said);
    expect(code).toBe(1);
    expect(at.halo.journal.filter(({ method, path }) => method !== 'GET' && path !== '/auth/token')).toEqual(
      [],
    );
  });

  test('--probe answered by yes prints what it learned, and keeps it in DATA_DIR', async () => {
    const at = await open();
    const { code, output } = await doctor(at, ['--probe'], 'yes\n');
    expect(code).toBe(0);
    const file = readFileSync(join(at.env['DATA_DIR'] ?? '', 'halo-probe.json'), 'utf8');
    expect(JSON.parse(file)).toMatchObject({
      probes: { '2.250.32': { haloVersion: '2.250.32', removal: { outcome: 'gone' } } },
    });
    expect(output).toContain('"haloVersion": "2.250.32"');
    expect(probes(at)).toEqual([]);
  });

  test('HaloPSA has another version than the last probe: the doctor says so until that one is probed too', async () => {
    const at = await open('build-2.236');
    await doctor(at, ['--probe'], 'yes\n');
    expect((await doctor(at, [])).output).toMatch(
      /ok +HaloPSA version +2\.236\.133, probed on \d{4}-\d\d-\d\d\n/,
    );
    at.halo.quirks.build = '2.250.32';
    const { code, output } = await doctor(at, []);
    expect(output).toMatch(
      /note +HaloPSA version +2\.250\.32; last probed 2\.236\.133 on \S+\n +→ HaloPSA’s version has changed/,
    );
    expect(code).toBe(0);
    await doctor(at, ['--probe'], 'yes\n');
    expect((await doctor(at, [])).output).toMatch(/ok +HaloPSA version +2\.250\.32, probed on/);
  });

  test('what the probe left cannot be read: the doctor goes on without it', async () => {
    const at = await open();
    writeFileSync(join(at.env['DATA_DIR'] ?? '', 'halo-probe.json'), '{"haloVersion":');
    expect((await doctor(at, [])).output).toMatch(/ok +HaloPSA version +2\.250\.32\n/);
  });

  test('--probe makes no DATA_DIR', async () => {
    const at = await open();
    const folder = join(at.env['DATA_DIR'] ?? '', 'not-yet');
    at.env['DATA_DIR'] = folder;
    expect((await doctor(at, ['--probe'], 'yes\n')).code).toBe(0);
    expect(existsSync(folder)).toBe(false);
  });
});
