import { setTimeout as pause } from 'node:timers/promises';
import { channels, people } from '../sandbox/slack/workspace.ts';
import { startWorld, type World } from '../sandbox/world.ts';
import { troubleIn, type Trouble } from './log.ts';
import { memoryOf } from './proc.ts';
import { median, ms, seconds, times, type Report } from './report.ts';

const members = 50_000;
const admins = 500;
const requests = 10;
/** Slack was seen to take seconds for a page; the first reading takes fifty of them. */
const pageMs = 1_000;
const limits = { agentMs: 10_000, submitRatio: 2, moreMb: 100 };

type Measured = {
  agentMs: number;
  submitMs: number;
  memberPages: number;
  lookUps: number;
  mb: number | undefined;
  logged: Trouble[];
};

/**
 * With nobody named in NEO_APPROVERS, how long after the start of the app the first agent is there, how long a form
 * takes that is sent in, and what it costs to know who may approve: in a workspace of six, and in one of 50,000 members
 * with 500 admins, whose pages come slowly, in the same run.
 */
export async function bigWorkspace(): Promise<Report> {
  const small = await measure(0);
  const big = await measure(members);
  const row = (title: string, { agentMs, submitMs, memberPages, lookUps, mb }: Measured) => [
    title,
    seconds(agentMs),
    ms(submitMs),
    String(memberPages),
    String(lookUps),
    mb === undefined ? '?' : `${mb.toFixed(0)} MB`,
  ];
  const ratio = big.submitMs / small.submitMs;
  const moreMb = (big.mb ?? NaN) - (small.mb ?? NaN);
  return {
    tables: [
      {
        title: `From the start of the app; ${requests} requests, submitted while the members are read`,
        rows: [
          ['', 'first agent', 'form sent in, median', 'pages of members', 'people looked up', 'memory, idle'],
          row('six people', small),
          row('50,000 members, 500 admins', big),
        ],
      },
    ],
    notes: [`A form takes ${times(ratio)} as long in the big workspace.`],
    missed: [
      ...(big.agentMs <= limits.agentMs ? [] : [`the first agent took ${seconds(big.agentMs)}`]),
      ...(ratio <= limits.submitRatio ? [] : [`a form takes ${times(ratio)} as long in the big workspace`]),
      ...(moreMb <= limits.moreMb || Number.isNaN(moreMb)
        ? []
        : [`the big workspace takes ${moreMb.toFixed(0)} MB more, and ${limits.moreMb} is the limit`]),
    ],
    logged: [...small.logged, ...big.logged],
  };
}

async function measure(count: number): Promise<Measured> {
  const world = await startWorld({ mode: 'http', licences: 1_000, env: { NEO_APPROVERS: '' } });
  const [app] = world.apps;
  for (let index = 0; index < count; index += 1) {
    const id = `U0MEMB${String(index).padStart(6, '0')}`;
    world.slack.store.people.set(id, {
      id,
      name: `Member ${index}`,
      isAdmin: index % (count / admins) === 0,
    });
  }
  if (count > 0) world.slack.slow('users.list', pageMs);
  const calls = (method: string) => world.slack.journal.filter((call) => call.method === method).length;
  try {
    const from = performance.now();
    await app.start();
    const submits: number[] = [await request(world, 1)];
    await decide(world, 1);
    const agentMs = performance.now() - from;
    for (let number = 2; number <= requests; number += 1) submits.push(await request(world, number));
    const lookUps = calls('users.info');
    const pages = Math.ceil(world.slack.store.people.size / 1_000);
    await world.slack.until('all members', () => calls('users.list') >= pages, pages * pageMs + 30_000);
    await pause(5_000);
    const memberPages = calls('users.list');
    return {
      agentMs,
      submitMs: median(submits),
      memberPages,
      lookUps,
      mb: memoryOf(app.pid()),
      logged: troubleIn(app.log()),
    };
  } finally {
    await world.stop();
  }
}

/** @returns milliseconds until the form that was sent in is closed */
async function request(world: World, number: number): Promise<number> {
  const ana = world.slack.as(people.ana.id);
  await ana.types(channels.ops.id, '/neo-setup');
  const form = await world.slack.until('the form', () => {
    const modal = ana.modal();
    return modal?.text().includes('licences') === true && modal;
  });
  form.fill('Username', `Neo Agent ${number}`);
  form.fill('Email Address', `neo${number}@brightwater.example`);
  await form.choose('Roles', '1st Line Support');
  await form.choose('Teams', '1st Line');
  await form.choose('Working Hours', 'Sydney desk');
  const from = performance.now();
  const { outcome, errors } = await form.submit();
  if (outcome !== 'closed') throw new Error(`Not submitted: ${JSON.stringify(errors)}`);
  return performance.now() - from;
}

async function decide(world: World, number: number): Promise<void> {
  const ben = world.slack.as(people.ben.id);
  const cards = () => ben.sees(channels.ops.id).filter(({ threadTs }) => threadTs === undefined);
  const card = await world.slack.until('the card', () => cards()[number - 1]);
  await ben.press(card, 'Approve');
  await world.slack.until('the agent', () =>
    ben.sees(channels.ops.id).some(({ text }) => text.includes('Agent ID')),
  );
}
