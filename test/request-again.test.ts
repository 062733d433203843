import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { channels } from '../sandbox/slack/workspace.ts';
import { Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

const endings: Record<string, () => Promise<void>> = {
  denied: async () => {
    const form = await stage.denyForm('ben', await stage.requestFrom('ana', withNote));
    await form.submit();
  },
  withdrawn: async () => {
    await stage.as('ana').press(await stage.requestFrom('ana', withNote), 'Withdraw');
  },
  expired: async () => {
    await stage.requestFrom('ana', withNote);
    stage.advance(73 * 3_600_000);
  },
  'refused by HaloPSA': async () => {
    stage.halo.fail({ method: 'POST', path: '/api/Agent' }, { kind: 'status', status: 400 });
    await stage.as('ben').press(await stage.requestFrom('ana', withNote), 'Approve');
  },
};
const withNote = (form: Awaited<ReturnType<Stage['openForm']>>) => {
  form.fill('Note for the approver', 'For the Sydney desk.');
};
const closedCard = () =>
  stage.slack.until('the closed card', () => {
    const card = stage.card();
    return card.buttons.includes('Details') && card;
  });
const choices = ['Roles', 'Teams', 'Working Hours', 'Timezone', 'Username', 'Email Address'] as const;

describe('a request that ended without an agent', () => {
  test.each(Object.keys(endings))('%s: Request again opens the form with what it asked for', async (name) => {
    await endings[name]?.();
    const card = await closedCard();
    await stage.as('dan').press(card, 'Request again');
    const form = await stage.form('dan');
    await stage.app.boundary.idle();
    expect(Object.fromEntries(choices.map((label) => [label, form.value(label)]))).toEqual({
      Roles: '1st Line Support',
      Teams: '1st Line, Onboarding',
      'Working Hours': 'Sydney desk',
      Timezone: 'Australia/Sydney',
      Username: 'Neo Agent',
      'Email Address': 'team@neoagent.io',
    });
    expect(form.value('Note for the approver')).toBe('For the Sydney desk.');
    expect((await form.submit()).outcome).toBe('closed');
    const next = await stage.slack.until('the new card', () => stage.cards()[1]);
    expect(next.text).toContain('NEO-2');
    expect(next.text).toContain(`Requested by @Dan.`);
  });

  test.each(Object.keys(endings))('%s: the thread and /neo-status have the button too', async (name) => {
    await endings[name]?.();
    await closedCard();
    expect((await stage.reply()).buttons).toContain('Request again');
    expect((await stage.status('ana', 'NEO-1')).buttons).toContain('Request again');
  });
});

test('a request that is open, done, or may have made an agent can’t be requested again', async () => {
  const card = await stage.requestFrom('ana');
  expect(card.buttons).not.toContain('Request again');
  stage.halo.fail({ method: 'POST', path: '/api/Agent' }, { kind: 'drop' });
  await stage.as('ben').press(card, 'Approve');
  expect((await stage.reply()).buttons).not.toContain('Request again');
  expect((await closedCard()).buttons).toEqual(['Details']);
});

test('whoever may not request agents reads so instead of the form', async () => {
  await endings['withdrawn']?.();
  const card = await closedCard();
  await stage.as('xena').press(card, 'Request again');
  await stage.app.boundary.idle();
  expect(stage.as('xena').modal()?.text()).not.toContain('Request approval');
});

describe('an agent like one that HaloPSA has', () => {
  const made = async () => {
    await stage.as('ben').press(await stage.requestFrom('ana'), 'Approve');
    await stage.reply();
    return stage.halo.agents.at(-1)?.id ?? 0;
  };
  const like = async (id: number) => {
    const page = await stage.status('dan', String(id));
    await stage.as('dan').press(page, 'Request one like this');
    const form = await stage.slack.until('the form', () => {
      const modal = stage.as('dan').modal();
      return modal?.text().includes('[Request approval]') === true && modal;
    });
    await stage.app.boundary.idle();
    return form;
  };

  test('the form has what HaloPSA reports of it now, and asks for the name and the address', async () => {
    const id = await made();
    stage.halo.changeAgent(id, { workday_id: 1 });
    const form = await like(id);
    expect(Object.fromEntries(choices.map((label) => [label, form.value(label)]))).toEqual({
      Roles: '1st Line Support',
      Teams: '1st Line, Onboarding',
      'Working Hours': 'Office hours',
      Timezone: 'Australia/Sydney',
      Username: '',
      'Email Address': '',
    });
    form.fill('Username', 'Neo Two');
    form.fill('Email Address', 'two@neoagent.io');
    await form.choose('Channel', channels.ops.name);
    expect((await form.submit()).outcome).toBe('closed');
  });

  test('HaloPSA doesn’t answer: the form’s place says so', async () => {
    const id = await made();
    const page = await stage.status('dan', String(id));
    stage.halo.fail({ path: '/api/Agent/*' }, { kind: 'status', status: 503 }, Infinity);
    await stage.as('dan').press(page, 'Request one like this');
    await stage.slack.until('the word', () =>
      stage.as('dan').modal()?.text().includes('HaloPSA could not be reached'),
    );
  });
});
