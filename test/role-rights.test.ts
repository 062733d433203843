import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HaloFault } from '../sandbox/halo/faults.ts';
import { knownFaults } from '../sandbox/halo/known-faults.ts';
import type { StoredClaim } from '../sandbox/halo/seed.ts';
import { hashPlan } from '../src/requests/plan.ts';
import { requestSchema } from '../src/requests/request.ts';
import { rewriteAudit } from './stored.ts';
import { Stage, type StageOptions } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());
const open = async (options: StageOptions = {}) => {
  stage = await Stage.open(options);
};

const ids = {
  other: '8e0b6941-3cfd-4a72-9d5e-192a3b4c5d6e',
  own: '9f1c7a52-4d0e-4b83-8e6f-2a1b3c4d5e6f',
  viewer: '72c3f5e8-4b16-4d9a-9e0f-8b7a2d6c1f66',
};
const details = { method: 'GET', path: '/api/Roles/*' } as const;
const fullRights = 'gives this agent full rights';
const admin: StoredClaim[] = [{ type: 'SA', value: 'true' }];

/** HaloPSA has one more role, and what it allows is known as far as HaloPSA says it. */
const addRole = async (name: string, claims?: StoredClaim[]) => {
  stage.halo.lists.roles.push({ id: ids.own, id_int: 9, name, notes: '', ...(claims && { claims }) });
  await stage.app.directory.refreshIfOlder(0);
};
const requestWith = async (...roles: string[]) => {
  const form = await stage.filledForm('ana');
  await form.choose('Roles', ...roles);
  const before = stage.cards().length;
  expect((await form.submit()).outcome).toBe('closed');
  return stage.slack.until('the card', () => stage.cards()[before]);
};
const viewer = () => {
  const role = stage.halo.lists.roles.find(({ id }) => id === ids.viewer);
  if (role === undefined) throw new Error('There is no such role');
  return role;
};
const detailReads = () =>
  stage.halo.journal.filter(({ path }) => /^\/api\/Roles\/./i.test(path)).map(({ path }) => path);

describe('what a role allows decides, and not its name', () => {
  beforeEach(() => open());

  test.each<[string, StoredClaim[]]>([
    ['as reports on HaloPSA’s table read it', [{ type: 'Tx', value: '2' }, ...admin]],
    ['in other letters', [{ type: 'sa', value: 'True' }]],
    ['as a flag of its own', [{ type: 'is_admin', value: '1' }]],
    ['as a level', [{ type: 'AdministratorLevel', value: '2' }]],
    ['as a role of that name', [{ type: 'role', value: 'Administrator' }]],
    [
      'as a role by an address',
      [{ type: 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role', value: 'System Admin' }],
    ],
  ])('a harmless name, and an administrator’s claim %s', async (_how, claims) => {
    await addRole('Ticket Reader', claims);
    const card = await requestWith('1st Line Support', 'Ticket Reader');
    for (const shown of [card.text, card.spoken]) {
      expect(shown).toContain(`The role Ticket Reader ${fullRights}`);
      expect(shown).not.toContain('rights unknown');
    }
    await stage.as('ben').types(stage.ops, '/neo-status');
    expect(await stage.slack.until('the overview', () => stage.whisper('ben'))).toContain(fullRights);
  });

  test.each<[string, StoredClaim[]]>([
    ['an administrator’s claim that says no', [{ type: 'SA', value: 'false' }]],
    [
      'several claims, one of which says no',
      [
        { type: 'Tx', value: '3' },
        { type: 'is_admin', value: '0' },
      ],
    ],
  ])('a name like an administrator’s, and %s', async (_what, claims) => {
    await addRole('Finance Admin', claims);
    const card = await requestWith('Finance Admin');
    expect(card.text).not.toContain(fullRights);
    expect(card.text).not.toContain('rights unknown');
  });

  test('claims that say nothing of administrators: the name counts, and the rights are known', async () => {
    await addRole('Administrator (EMEA)', [{ type: 'Tx', value: '2' }]);
    const card = await requestWith('Administrator (EMEA)', 'Finance');
    expect(card.text).toContain(`The role Administrator (EMEA) ${fullRights}`);
    expect(card.text).not.toContain('rights unknown');
  });
});

describe('a role whose rights cannot be read', () => {
  const unreadable: [string, HaloFault][] = [
    ['403', knownFaults.forbidden],
    ['404', knownFaults.notFound],
    ['500', knownFaults.serverError],
    ['429', knownFaults.rateLimited],
    ['a page', { kind: 'html' }],
    ['not JSON', { kind: 'status', status: 200, body: '{"id":' }],
    ['nothing', { kind: 'status', status: 200, body: '' }],
    ['a dropped connection', { kind: 'drop' }],
    [
      'no claims',
      { kind: 'status', status: 200, body: JSON.stringify({ id: ids.own, name: 'x', claims: null }) },
    ],
    [
      'odd claims',
      { kind: 'status', status: 200, body: JSON.stringify({ id: ids.own, name: 'x', claims: [7, {}] }) },
    ],
  ];

  test.each(unreadable)(
    '%s: the card says so, the name counts, and what was approved so is created',
    async (_what, fault) => {
      await open();
      stage.halo.fail({ method: 'GET', path: `/api/Roles/${ids.own}` }, fault, Infinity);
      stage.halo.fail({ method: 'GET', path: `/api/Roles/${ids.other}` }, fault, Infinity);
      stage.halo.lists.roles.push({ id: ids.other, id_int: 8, name: 'Ticket Reader', notes: '' });
      await addRole('Аdministrаtоrs');
      await stage.app.directory.refreshIfOlder(0);
      const card = await requestWith('Аdministrаtоrs', 'Finance', 'Ticket Reader');
      for (const shown of [card.text, card.spoken]) {
        expect(shown).toContain('Аdministrаtоrs (rights unknown), Finance, Ticket Reader (rights unknown)');
        expect(shown).toContain(`The role Аdministrаtоrs ${fullRights}`);
      }
      await stage.as('ben').press(card, 'Approve');
      expect((await stage.reply()).text).toContain('the agent is ready');
      expect(stage.creates()).toHaveLength(1);
    },
  );

  test('late: nobody waits for it, and the next form knows it', async () => {
    await open();
    stage.halo.fail(details, { kind: 'hang' }, Infinity);
    await addRole('Ticket Reader', admin);
    expect((await requestWith('Ticket Reader')).text).toContain('Ticket Reader (rights unknown)');
    stage.halo.heal();
    await stage.app.directory.refreshIfOlder(0);
    await stage.app.directory.refreshIfOlder(0);
    const form = await stage.filledForm('dan');
    form.fill('Username', 'Nora Neo');
    form.fill('Email Address', 'nora@neoagent.io');
    await form.choose('Roles', 'Ticket Reader');
    expect((await form.submit()).outcome).toBe('closed');
    const card = await stage.slack.until('the card', () => stage.cards()[1]);
    expect(card.text).toContain(`The role Ticket Reader ${fullRights}`);
  });

  test('what was read once stays while HaloPSA is out of reach, and not when it may not be read any more', async () => {
    await open();
    const rights = () =>
      stage.app.directory.current().roles.value.find(({ id }) => id === ids.viewer)?.rights;
    expect(rights()).toBe('not_administrator');
    stage.halo.fail(details, knownFaults.serverError, Infinity);
    stage.letTimePass(5 * 60_000);
    await stage.app.directory.refreshIfOlder(0);
    expect(rights()).toBe('not_administrator');
    stage.halo.heal();
    for (const fault of [knownFaults.notFound, knownFaults.forbidden]) {
      stage.halo.fail(details, fault, Infinity);
      stage.letTimePass(5 * 60_000);
      await stage.app.directory.refreshIfOlder(0);
      stage.halo.heal();
    }
    expect(rights()).toBe('unknown');
  });

  const withRoles = async (count: number) => {
    await open();
    const { roles } = stage.halo.lists;
    for (let one = 0; one < count; one += 1)
      roles.push({
        id: `9f1c7a52-4d0e-4b83-8e6f-${String(one).padStart(12, '0')}`,
        id_int: 100 + one,
        name: `Role ${one}`,
        notes: '',
        claims: one === 299 ? admin : [{ type: 'SA', value: 'false' }],
      });
    return roles;
  };

  test('300 roles: so many are read in one look, and all of them in some, while the lists stay fresh', async () => {
    const roles = await withRoles(300);
    for (let look = 0; look < 14; look += 1) {
      stage.letTimePass(60_000);
      const before = detailReads().length;
      const { agents } = await stage.app.directory.refreshIfOlder(0);
      expect(agents.failure).toBeUndefined();
      expect(detailReads().length - before).toBeLessThanOrEqual(25);
    }
    expect(new Set(detailReads()).size).toBe(roles.length);
    expect((await requestWith('Role 299')).text).toContain(`Role 299 ${fullRights}`);
  });

  test('what was read is not read again right away', async () => {
    const roles = await withRoles(90);
    for (let look = 0; look < 4; look += 1) await stage.app.directory.refreshIfOlder(0);
    expect(new Set(detailReads()).size).toBe(roles.length);
    const before = detailReads().length;
    await stage.app.directory.refreshIfOlder(0);
    expect(detailReads().length).toBe(before);
  });
});

describe('right before HaloPSA is sent the roles', () => {
  const reply = (count = 1) => stage.reply(0, count);

  test('one became an administrator’s since: nothing is created, and what to do is said', async () => {
    await open();
    const card = await requestWith('1st Line Support', 'Report Viewer');
    expect(card.text).not.toContain(fullRights);
    viewer().claims = admin;
    await stage.as('ben').press(card, 'Approve');
    const { text, buttons } = await reply();
    expect(text).toContain(
      'A role has more rights in HaloPSA now than when this was approved: Report Viewer (full rights).',
    );
    expect(text).toContain('Nothing was changed in HaloPSA.');
    expect(stage.creates()).toEqual([]);

    expect(buttons).toContain('Try again');
    viewer().claims = [{ type: 'SA', value: 'false' }];
    await stage.as('ben').press(await reply(), 'Try again');
    expect((await reply(2)).text).toContain('the agent is ready');
  });

  test('one whose rights were unknown turns out to be an administrator’s: nothing is created', async () => {
    await open();
    stage.halo.fail(details, knownFaults.forbidden, Infinity);
    await addRole('Ticket Reader', admin);
    const card = await requestWith('Ticket Reader');
    expect(card.text).not.toContain(fullRights);
    stage.halo.heal();
    await stage.as('ben').press(card, 'Approve');
    expect((await reply()).text).toContain('Ticket Reader');
    expect(stage.creates()).toEqual([]);
  });

  test('one that was renamed since, and whose rights nobody can read: its new name counts', async () => {
    await open();
    stage.halo.fail(details, knownFaults.forbidden, Infinity);
    await addRole('Ticket Reader');
    const card = await requestWith('Ticket Reader');
    const role = stage.halo.lists.roles.at(-1);
    if (role) role.name = 'Administrators';
    stage.letTimePass(2 * 60_000);
    await stage.as('ben').press(card, 'Approve');
    expect((await reply()).text).toContain('Ticket Reader');
    expect(stage.creates()).toEqual([]);
  });

  test.each<[string, HaloFault]>([
    ['403', knownFaults.forbidden],
    ['404', knownFaults.notFound],
    ['a page', { kind: 'html' }],
    ['no claims', { kind: 'status', status: 200, body: JSON.stringify({ id: ids.viewer, name: 'x' }) }],
  ])(
    'its rights were read when it was approved and are answered by %s now: nothing is created',
    async (_what, fault) => {
      await open();
      const card = await requestWith('Report Viewer');
      stage.halo.fail(details, fault, Infinity);
      await stage.as('ben').press(card, 'Approve');
      expect((await reply()).text).toContain('I can no longer read what a role allows: Report Viewer.');
      expect(stage.creates()).toEqual([]);
    },
  );

  test('HaloPSA is out of reach for a moment: it waits, and then creates', async () => {
    await open();
    const card = await requestWith('Report Viewer');
    stage.halo.fail(details, knownFaults.serverError, 1);
    await stage.as('ben').press(card, 'Approve');
    expect((await reply()).text).toContain('the agent is ready');
    expect(stage.creates()).toHaveLength(1);
  });

  test('one became an administrator’s between the create and the update that gives the roles: no update is sent', async () => {
    await open({ preset: 'update-only' });
    const card = await requestWith('Report Viewer');
    stage.halo.fail({ method: 'GET', path: '/api/Agent/9' }, knownFaults.rateLimited, 1);
    await stage.as('ben').press(card, 'Approve');
    await stage.waits();
    viewer().claims = admin;
    stage.advance(2 * 60_000);
    expect((await reply()).text).toContain('Report Viewer');
    expect(stage.halo.agents.at(-1)?.roles).toEqual([]);
  });

  /** NEO-1 as it was stored before anybody looked at rights. */
  const storedBefore = async () => {
    await requestWith('Report Viewer');
    const { data } = await stage.db.selectFrom('request').select('data').executeTakeFirstOrThrow();
    const stored = requestSchema.parse(JSON.parse(data));
    const roles = stored.plan.roles.map(({ id, name }) => ({ id, name, isAdministrator: false }));
    const plan = { ...stored.plan, roles };
    const before = JSON.stringify({ ...stored, plan, planHash: hashPlan(plan) });
    expect(before).not.toContain('"rights"');
    await stage.db.updateTable('request').set({ data: before }).execute();
    await rewriteAudit(stage.db, (row) => ({ ...row, plan_hash: row.plan_hash && hashPlan(plan) }));
    await stage.as('ben').types(stage.ops, '/neo-status NEO-1');
    return stage.slack.until('the request', () =>
      stage
        .as('ben')
        .sees(stage.ops)
        .find(({ ephemeral, buttons }) => ephemeral && buttons.includes('Approve')),
    );
  };

  test('a request of before anybody looked at rights keeps its hash, and a harmless role goes through', async () => {
    await open();
    await stage.as('ben').press(await storedBefore(), 'Approve');
    expect((await reply()).text).toContain('the agent is ready');
  });

  test('a request of before, with a role that is an administrator’s: nothing is created', async () => {
    await open();
    const request = await storedBefore();
    viewer().claims = admin;
    await stage.as('ben').press(request, 'Approve');
    expect((await reply()).text).toContain('A role has more rights in HaloPSA now');
    expect(stage.creates()).toEqual([]);
  });
});

test('a repair says what the roles that it gives allow now', async () => {
  await open();
  await stage.as('ben').press(await requestWith('Report Viewer'), 'Approve');
  await stage.reply();
  const agent = stage.halo.agents.at(-1);
  stage.halo.changeAgent(agent?.id ?? 0, { roles: [] });
  viewer().claims = admin;
  stage.letTimePass(5 * 60_000);
  await stage.app.directory.refreshIfOlder(0);
  stage.advance(24 * 3_600_000);
  const told = await stage.reply(0, 2);
  await stage.as('ana').press(told, 'Repair');
  const card = await stage.slack.until('the card of the repair', () => stage.cards()[1]);
  expect(card.text).toContain(`The role Report Viewer ${fullRights}`);
  await stage.as('ben').press(card, 'Approve');
  expect((await stage.reply(1)).text).toContain('the agent is repaired');
});
