import { afterEach, describe, expect, test } from 'vitest';
import { people, userGroups } from '../sandbox/slack/workspace.ts';
import { Stage, type StageOptions } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());
const open = async (env: Record<string, string>, options: StageOptions = {}) => {
  stage = await Stage.open({ ...options, env });
};
const { ana, ben, dan } = people;
const deadGroup = 'S07GONE0001';
const admins = userGroups.map(({ id }) => id).join();
const dead = (refused: string) => ({
  inSlack: ({ store }: Stage['slack']) => {
    store.userGroups.push({ id: deadGroup, handle: 'gone', users: [], refused });
  },
});
const calls = (method: string) => stage.slack.journal.filter((call) => call.method === method);
const direct = (who: keyof typeof people) =>
  stage
    .as(who)
    .directMessages()
    .map(({ text }) => text);
const cardSays = (text: string) =>
  stage.slack.until(`a card that says ${text}`, () => stage.cards()[0]?.text.includes(text) && stage.card());
const agentAfter = async (who: keyof typeof people) => {
  await stage.as(who).press(await stage.requestFrom('ana'), 'Approve');
  return (await stage.reply()).text;
};
const crowd = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `U0CROWD${String(index).padStart(5, '0')}`,
    name: `Member ${index}`,
  }));

const lasting = ['no_such_subteam', 'plan_upgrade_required', 'paid_teams_only', 'subteam_disabled'];

describe('a user group that Slack does not know concerns only who depends on it', () => {
  test.each(lasting)('%s, named in NEO_ESCALATION: nobody else notices', async (code) => {
    await open({ NEO_APPROVERS: ben.id, NEO_ESCALATION: deadGroup }, dead(code));
    expect(await agentAfter('ben')).toContain('Agent ID');
    expect(stage.logLines.filter((line) => line.includes(deadGroup) && line.includes(code))).toHaveLength(1);
  });

  test.each(lasting)('%s, in NEO_APPROVERS: who is named beside it approves', async (code) => {
    await open({ NEO_APPROVERS: `${deadGroup},${ben.id}` }, dead(code));
    const form = await stage.openForm('ana');
    expect(form.text()).toContain('Approvers (1): @Ben');
    form.close();
    expect(await agentAfter('ben')).toContain('Agent ID');
  });

  test('in NEO_APPROVERS, alone: nobody can approve, and the form says so before anything is entered', async () => {
    await open({ NEO_APPROVERS: deadGroup }, dead('no_such_subteam'));
    const form = await stage.filledForm('ana');
    expect(form.text()).toContain('Too few people can approve this');
    expect((await form.submit()).outcome).toBe('errors');
  });

  test('in NEO_APPROVERS: who may be in it is refused, and reads that nobody knows', async () => {
    await open({ NEO_APPROVERS: `${deadGroup},${ben.id}` }, dead('no_such_subteam'));
    await stage.as('cleo').press(await stage.requestFrom('ana'), 'Approve');
    await stage.slack.until('the refusal', () => stage.whisper('cleo').includes('who they are'));
    expect(stage.creates()).toEqual([]);
  });

  test('in NEO_REQUESTERS: who is named beside it asks, others don’t', async () => {
    await open({ NEO_REQUESTERS: `${deadGroup},${ana.id}` }, dead('paid_teams_only'));
    await stage.as('dan').types(stage.ops, '/neo-setup');
    await stage.slack.until('the refusal', () => stage.as('dan').modal()?.text().includes('who they are'));
    expect(await agentAfter('ben')).toContain('Agent ID');
  });

  test('in NEO_ESCALATION: the others of the list are told', async () => {
    await open({ NEO_APPROVERS: ben.id, NEO_ESCALATION: `${deadGroup},${dan.id}` }, dead('no_such_subteam'));
    await stage.requestFrom('ana');
    await stage.slack.until('the card’s message to Ben', () => direct('ben').length > 0);
    await stage.app.boundary.idle();
    stage.advance(60 * 3_600_000);
    await stage.slack.until('Dan to be told', () => direct('dan').some((text) => text.includes('NEO-1')));
  });

  test('429 or an error that passes, of a group in NEO_ESCALATION: everybody works', async () => {
    await open({ NEO_APPROVERS: ben.id, NEO_ESCALATION: admins });
    stage.slack.fail('usergroups.users.list', { kind: 'rate_limited', retryAfter: 30 }, Infinity);
    stage.letTimePass(2 * 60_000);
    expect(await agentAfter('ben')).toContain('Agent ID');
  });

  test('a group that Slack says nothing of keeps nobody waiting who doesn’t need it', async () => {
    await open({ NEO_APPROVERS: `${admins},${ben.id}` });
    const card = await stage.requestFrom('ana');
    stage.letTimePass(2 * 60_000);
    stage.slack.fail('usergroups.users.list', { kind: 'hang' }, Infinity);
    await stage.as('ben').press(card, 'Approve');
    expect((await stage.reply()).text).toContain('Agent ID');
  });
});

/** Opens with a list of members that Slack holds back. @returns lets it come */
const openBeforeTheList = async (env: Record<string, string>) => {
  let release = () => {};
  await open(env, {
    rosterIsSlow: true,
    inSlack: (slack) => {
      ({ release } = slack.hold('users.list'));
    },
  });
  return () => {
    release();
  };
};

describe('nobody waits for the list of who may approve', () => {
  test('Slack does not list its members: the request is taken, its card says so, and an admin approves it', async () => {
    await open(
      { NEO_APPROVERS: '' },
      {
        rosterIsSlow: true,
        inSlack: (slack) => {
          slack.slow('users.list', 60_000);
        },
      },
    );
    const form = await stage.filledForm('ana');
    expect((await form.submit()).outcome).toBe('closed');
    const card = await cardSays('couldn’t check yet whether enough people can approve');
    await stage.as('ben').press(card, 'Approve');
    expect((await stage.reply()).text).toContain('Agent ID');
  });

  test('once Slack has listed them, the card takes that back, and they are told', async () => {
    const release = await openBeforeTheList({ NEO_APPROVERS: '' });
    await (await stage.filledForm('ana')).submit();
    await cardSays('couldn’t check');
    release();
    await stage.slack.until('Ben to be told', () =>
      direct('ben').some((text) => text.includes('NEO-1 needs')),
    );
    await stage.slack.until('the card', () => !stage.card().text.includes('couldn’t check'));
    expect(direct('ben')).toHaveLength(1);
  });

  test('there turn out to be too few: the card says what it waits for', async () => {
    const release = await openBeforeTheList({ NEO_APPROVERS: '', NEO_APPROVALS_REQUIRED: '3' });
    await (await stage.filledForm('ana')).submit();
    await cardSays('couldn’t check');
    release();
    await cardSays('Stuck: there aren’t enough approvers');
  });

  test('the last good reading stays when Slack says nothing later', async () => {
    await open({ NEO_APPROVERS: '' });
    stage.slack.fail('users.list', { kind: 'error', error: 'internal_error' }, Infinity);
    stage.letTimePass(60 * 60_000);
    const form = await stage.filledForm('ana');
    expect(form.text()).toContain('Approvers (2): @Ben, @Cleo');
    expect((await form.submit()).outcome).toBe('closed');
  });

  test('one approver of whom Slack says nothing keeps nobody else from being known', async () => {
    await open(
      { NEO_APPROVERS: `${people.cleo.id},${ben.id}`, NEO_APPROVALS_REQUIRED: '1' },
      {
        rosterIsSlow: true,
        inSlack: (slack) => {
          slack.slow('users.info', 60_000, ({ user }) => user === people.cleo.id);
        },
      },
    );
    const form = await stage.filledForm('ana');
    expect((await form.submit()).outcome).toBe('closed');
    expect((await stage.slack.until('the card', () => stage.cards()[0])).text).not.toContain(
      'couldn’t check',
    );
  });

  test('after a 429 the list goes on where it was', async () => {
    await open(
      { NEO_APPROVERS: '' },
      {
        rosterIsSlow: true,
        inSlack: (slack) => {
          for (const person of crowd(2_500)) slack.store.people.set(person.id, person);
          void slack.fail('users.list', { kind: 'rate_limited', retryAfter: 1 });
        },
      },
    );
    await stage.slack.until('the third page', () => calls('users.list').length === 4);
    const cursors = calls('users.list').map(({ args }) => args['cursor']);
    expect(new Set(cursors).size).toBe(3);
  });

  test('a group of 150 approvers: a few are looked up, and any of them approves', async () => {
    const many = crowd(150);
    await open(
      { NEO_APPROVERS: admins },
      {
        inSlack: ({ store }) => {
          for (const person of many) store.people.set(person.id, person);
          store.userGroups.splice(0, 1, {
            id: admins,
            handle: 'psa-admins',
            users: [...many.map(({ id }) => id), dan.id],
          });
        },
      },
    );
    expect(calls('users.info').length).toBeLessThan(5);
    const form = await stage.filledForm('ana');
    expect(form.text()).toContain('Approvers: @Member 0, @Member 1 and up to 149 more');
    expect((await form.submit()).outcome).toBe('closed');
    const card = await stage.slack.until('the card', () => stage.cards()[0]);
    await stage.as('dan').press(card, 'Approve');
    expect((await stage.reply(0, 2)).text).toContain('Agent ID');
  });

  test('Slack does not say who is in the only group: the form is taken, and nobody of it is let in', async () => {
    await open(
      { NEO_APPROVERS: admins },
      {
        rosterIsSlow: true,
        inSlack: (slack) => {
          void slack.fail('usergroups.users.list', { kind: 'error', error: 'internal_error' }, Infinity);
        },
      },
    );
    await (await stage.filledForm('ana')).submit();
    const card = await cardSays('couldn’t check');
    await stage.as('dan').press(card, 'Approve');
    await stage.slack.until('the refusal', () => stage.whisper('dan').includes('who they are'));
    expect(stage.creates()).toEqual([]);
  });
});
