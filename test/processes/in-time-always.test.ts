import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { fillIn } from '../../sandbox/play.ts';
import { randomFrom, type Random } from '../../sandbox/chaos/random.ts';
import type { SlackFault } from '../../sandbox/slack/faults.ts';
import type { OpenModal } from '../../sandbox/slack/modal.ts';
import type { SeenMessage } from '../../sandbox/slack/person.ts';
import { channels, people } from '../../sandbox/slack/workspace.ts';
import { startWorld, type World } from '../../sandbox/world.ts';

/** SEED=… draws other faults, RUNS=… more of them. */
const seed = Number(process.env['SEED'] ?? 151);
const runs = Number(process.env['RUNS'] ?? 16);
const ops = channels.ops.id;
const ackMs = 3_000;

const methods = [
  'users.info',
  'users.info',
  'usergroups.users.list',
  'conversations.info',
  'conversations.members',
  'conversations.open',
  'conversations.history',
  'chat.postMessage',
  'chat.update',
  'chat.getPermalink',
  'views.open',
  'views.update',
  'views.publish',
  'users.list',
  'auth.test',
];
const codes = [
  'internal_error',
  'ratelimited',
  'user_not_found',
  'missing_scope',
  'channel_not_found',
  'fatal_error',
];

function anyFault(random: Random): SlackFault | { kind: 'slow'; ms: number } {
  const after = random.chance(0.5);
  return random.pick<() => SlackFault | { kind: 'slow'; ms: number }>([
    () => ({ kind: 'rate_limited', retryAfter: random.between(1, 3) }),
    () => ({ kind: 'hang', after }),
    () => ({ kind: 'drop', after }),
    () => ({ kind: 'status', status: random.pick([500, 503, 404]), after }),
    () => ({ kind: 'error', error: random.pick(codes), after }),
    () => ({ kind: 'slow', ms: random.between(200, 4_000) }),
  ])();
}

/** Plants one to four faults. @returns them as words */
function plant({ slack }: World, random: Random): string[] {
  return Array.from({ length: random.between(1, 5) }, () => {
    const [method, fault] = [random.pick(methods), anyFault(random)];
    if (fault.kind === 'slow') slack.slow(method, fault.ms);
    else slack.fail(method, fault, random.between(1, 4));
    return `${method} ${JSON.stringify(fault)}`;
  });
}

let world: World | undefined;
afterEach(() => world?.stop());

describe.each(['http', 'socket'] as const)('over %s, under random faults', (mode) => {
  test('whatever Slack does, everybody is answered within 3 s, and what was refused never happens', async () => {
    const opened = await startWorld({
      mode,
      licences: 1_000,
      script: 'bench/unlimited-app.ts',
      env: { NEO_APPROVERS: [people.ben.id, people.cleo.id, 'S07PSAADM55'].join(',') },
    });
    world = opened;
    await opened.apps[0].start();
    const random = randomFrom(seed + (mode === 'http' ? 0 : 1_000));
    const outcomes = new Set<string>();
    for (let number = 1; number <= runs; number += 1) {
      const name = `Agent ${number}`;
      const kind = random.pick(['approve', 'approve', 'withdraw', 'deny', 'submit'] as const);
      const done: string[] = [`${mode} run ${number} (seed ${seed}): ${kind}`];
      try {
        outcomes.add(await attempts[kind](opened, random, name, done));
      } catch (error) {
        throw new Error(done.join('\n'), { cause: error });
      } finally {
        opened.slack.heal();
      }
    }
    // Faults that met nothing would prove nothing.
    expect([...outcomes].sort()).toEqual(['done', 'refused']);
  });
});

const agentOf = ({ halo }: World, name: string) => halo.agents.filter((agent) => agent.name === name).length;
const sees = (opened: World, who: keyof typeof people) => opened.slack.as(people[who].id).sees(ops);
const whispers = (opened: World, who: keyof typeof people) =>
  sees(opened, who).filter(({ ephemeral }) => ephemeral);
const cardOf = (opened: World, name: string): SeenMessage | undefined =>
  sees(opened, 'ben').find(
    ({ ephemeral, threadTs, text }) =>
      !ephemeral && threadTs === undefined && text.includes(`New agent: ${name}\n`),
  );

async function formOf(opened: World, name: string): Promise<OpenModal> {
  const ana = opened.slack.as(people.ana.id);
  await ana.types(ops, '/neo-setup');
  const form = await opened.slack.until('the form', () => {
    const open = ana.form();
    return open !== undefined && /named licence/i.test(open.text()) && open.value('Timezone') !== '' && open;
  });
  await fillIn(form);
  form.fill('Username', name);
  form.fill('Email Address', `${name.replace(' ', '').toLowerCase()}@brightwater.example`);
  return form;
}

async function pending(opened: World, name: string): Promise<SeenMessage> {
  const form = await formOf(opened, name);
  expect((await form.submit()).outcome).toBe('closed');
  return opened.slack.until('the card', () => cardOf(opened, name));
}

async function inTime<T>(done: string[], work: Promise<T>): Promise<T> {
  const from = performance.now();
  const result = await work;
  const took = performance.now() - from;
  done.push(`answered after ${took.toFixed(0)} ms`);
  expect(took).toBeLessThan(ackMs);
  return result;
}

/** Pressed under faults: refused in words, or done. @returns which */
async function pressed(
  opened: World,
  { who, button, name, done }: { who: 'ana' | 'ben' | 'dan'; button: string; name: string; done: string[] },
  isDone: () => boolean,
): Promise<'refused' | 'done'> {
  const card = cardOf(opened, name);
  if (card === undefined) throw new Error('There is no card');
  const before = whispers(opened, who).length;
  const { failure } = await inTime(done, opened.slack.as(people[who].id).press(card, button));
  expect(failure).toBeUndefined();
  // What Slack delays doesn't keep the answer to a press, which has a way of its own.
  await pause(200);
  opened.slack.heal();
  const outcome = await opened.slack.until('a refusal, or that it is done', () => {
    if (isDone()) return 'done';
    const said = whispers(opened, who).slice(before);
    return said.length > 0 && said.every(({ text }) => /nothing|can’t/i.test(text)) && 'refused';
  });
  done.push(`${outcome}: ${whispers(opened, who).at(-1)?.text ?? ''}`);
  return outcome;
}

const laterMs = 700;

/** @returns whether it was refused or done */
type AttemptsOf = (
  opened: World,
  random: Random,
  name: string,
  done: string[],
) => Promise<'refused' | 'done'>;
const attempts: Record<'approve' | 'withdraw' | 'deny' | 'submit', AttemptsOf> = {
  approve: async (opened, random, name, done) => {
    await pending(opened, name);
    done.push(...plant(opened, random));
    const who = random.pick(['ben', 'dan'] as const);
    const outcome = await pressed(
      opened,
      { who, button: 'Approve', name, done },
      () => agentOf(opened, name) > 0,
    );
    if (outcome === 'refused') {
      await pause(laterMs);
      expect(agentOf(opened, name)).toBe(0);
      const card = cardOf(opened, name);
      if (card !== undefined) await opened.slack.as(people.cleo.id).press(card, 'Approve');
    }
    await opened.slack.until('the agent', () => agentOf(opened, name) > 0);
    await pause(50);
    expect(agentOf(opened, name)).toBe(1);
    return outcome;
  },
  withdraw: async (opened, random, name, done) => {
    await pending(opened, name);
    done.push(...plant(opened, random));
    const isWithdrawn = () => cardOf(opened, name)?.text.includes('Withdrawn by') === true;
    const outcome = await pressed(opened, { who: 'ana', button: 'Withdraw', name, done }, isWithdrawn);
    await pause(laterMs);
    expect(isWithdrawn()).toBe(outcome === 'done');
    return outcome;
  },
  deny: async (opened, random, name, done) => {
    const card = await pending(opened, name);
    const ben = opened.slack.as(people.ben.id);
    await ben.press(card, 'Deny');
    const form = await opened.slack.until('the form', () => ben.form());
    await pause(100);
    form.fill('Reason', 'Because');
    done.push(...plant(opened, random));
    const { outcome } = await inTime(done, form.submit());
    await pause(200);
    opened.slack.heal();
    done.push(outcome);
    const isDenied = () => cardOf(opened, name)?.text.includes('Denied by') === true;
    if (outcome === 'closed') await opened.slack.until('the denial', isDenied);
    else {
      ben.modal()?.close();
      await pause(laterMs);
      expect(isDenied()).toBe(false);
    }
    return outcome === 'closed' ? 'done' : 'refused';
  },
  submit: async (opened, random, name, done) => {
    const form = await formOf(opened, name);
    done.push(...plant(opened, random));
    const { outcome, errors } = await inTime(done, form.submit());
    await pause(200);
    opened.slack.heal();
    done.push(`${outcome} ${JSON.stringify(errors)}`);
    if (outcome === 'closed') await opened.slack.until('the card', () => cardOf(opened, name), 40_000);
    else {
      await pause(laterMs);
      expect(cardOf(opened, name)).toBeUndefined();
      opened.slack.as(people.ana.id).modal()?.close();
    }
    return outcome === 'closed' ? 'done' : 'refused';
  },
};
