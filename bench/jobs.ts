import { setTimeout } from 'node:timers/promises';
import type { OpenModal } from '../sandbox/slack/modal.ts';
import type { SeenMessage } from '../sandbox/slack/person.ts';
import type { HaloCall } from '../sandbox/halo/journal.ts';
import { bot, channels } from '../sandbox/slack/workspace.ts';
import { startWorld, type World } from '../sandbox/world.ts';
import { troubleIn, type Trouble } from './log.ts';
import { seconds, type Report } from './report.ts';

const requests = 20;
/** They may approve, and each is told. */
const approvers = Array.from({ length: 8 }, (_one, index) => `U07APPR${String(index).padStart(4, '0')}`);
/** Far above what it takes: who waits longer waits for something that does not come. */
const patienceMs = 180_000;
const limits = { firstCardMs: 2_000, cardsMs: 25_000, callsPerAgent: 3 };
/** Somebody reads the card before they press. */
const decidedAfterMs = 3_000;
const ops = channels.ops.id;

type Measured = {
  firstCardMs: number;
  cardsMs: number;
  resultsMs: number;
  /** Direct messages that stood when the last result did. */
  directs: number;
  calls: HaloCall[];
  logged: Trouble[];
};

/**
 * How long 20 requests take that are submitted at the same moment in one channel, each approved three seconds after its
 * card stands, and eight people told of each: until the first card, the last card, the last result. And how often HaloPSA is
 * called for each agent.
 */
export async function jobs(): Promise<Report> {
  const unlimited = await measure(false);
  const limited = await measure(true);
  const both = [unlimited, limited];
  const perAgent = Math.max(...both.map(({ calls }) => ofAgents(calls).length / requests));
  const worst = (figure: 'firstCardMs' | 'cardsMs') => Math.max(...both.map((one) => one[figure]));
  const missed = [
    worst('firstCardMs') > limits.firstCardMs &&
      `the first card takes more than ${seconds(limits.firstCardMs)}`,
    worst('cardsMs') > limits.cardsMs && `the last card takes more than ${seconds(limits.cardsMs)}`,
    perAgent > limits.callsPerAgent &&
      `HaloPSA is called more than ${limits.callsPerAgent} times for an agent`,
  ];
  return {
    tables: [
      {
        title: `${requests} requests at once in one channel, each told to ${approvers.length} people`,
        rows: [
          ['', 'first card', 'every card', 'every result', 'direct messages by then'],
          row('Slack takes every call', unlimited),
          row('Slack limits calls', limited),
        ],
      },
      callTable(unlimited.calls),
    ],
    notes: [
      'Cards and results go to the same channel, one a second as Slack takes them: 40 messages need 40 seconds.',
    ],
    missed: missed.filter((one) => one !== false),
    logged: both.flatMap(({ logged }) => logged),
  };
}

async function measure(rateLimits: boolean): Promise<Measured> {
  const world = await startWorld({
    mode: 'socket',
    licences: 1_000,
    rateLimits,
    env: { NEO_APPROVERS: approvers.join(',') },
    before: ({ store }) => {
      for (const id of approvers) {
        store.people.set(id, { id, name: id, tz: 'Europe/London' });
        store.channels.get(ops)?.members.push(id);
      }
      return () => Promise.resolve(undefined);
    },
  });
  const [app] = world.apps;
  try {
    await app.start();
    const forms: OpenModal[] = [];
    for (let index = 0; index < requests; index += 1) forms.push(await fillIn(world, index));
    const callsBefore = world.halo.journal.length;
    const waited = await submitAndApprove(world, forms);
    const calls = world.halo.journal.slice(callsBefore);
    return { ...waited, directs: directMessages(world), calls, logged: troubleIn(app.log()) };
  } finally {
    await world.stop();
  }
}

function directMessages({ slack }: World): number {
  return approvers.flatMap((id) => slack.as(id).directMessages()).length;
}

/** Each request has a requester of its own: a person has one form open at a time. */
async function fillIn({ slack }: World, index: number): Promise<OpenModal> {
  const id = `U07REQ${String(index).padStart(5, '0')}`;
  slack.store.people.set(id, { id, name: id, tz: 'Australia/Sydney' });
  slack.store.channels.get(ops)?.members.push(id);
  const requester = slack.as(id);
  await requester.types(ops, '/neo-setup');
  const form = await slack.until('the form', () => requester.form(), patienceMs);
  form.fill('Username', `Agent ${index + 1}`);
  form.fill('Email Address', `agent${index + 1}@brightwater.example`);
  await form.choose('Roles', '1st Line Support');
  await form.choose('Teams', '1st Line', '2nd Line');
  await form.choose('Working Hours', 'Sydney desk');
  await form.choose('Timezone', 'Australia/Sydney');
  return form;
}

/** Milliseconds from the submission. @throws when a form is not taken, or an approval */
async function submitAndApprove({ slack }: World, forms: readonly OpenModal[]) {
  const approver = slack.as(approvers[0] ?? '');
  const posted = (isReply: boolean) =>
    slack.store.messages.filter(
      ({ channel, author, threadTs }) =>
        channel === ops && author === bot.userId && (threadTs !== undefined) === isReply,
    );
  const approvals = new Map<string, Promise<void>>();
  const stopListening = slack.store.onChange(() => {
    for (const { ts } of posted(false))
      if (!approvals.has(ts)) approvals.set(ts, approve(approver.sees(ops, (one) => one.ts === ts)));
  });
  const approve = async ([card]: SeenMessage[]) => {
    await setTimeout(decidedAfterMs);
    if (card === undefined) throw new Error('The approver does not see the card');
    const { failure } = await approver.press(card, 'Approve');
    if (failure !== undefined) throw new Error(`The approval failed: ${failure}`);
  };
  const from = performance.now();
  const since = (value: unknown) => (value === undefined ? NaN : performance.now() - from);
  const submitted = Promise.all(forms.map((form) => form.submit()));
  const until = (what: string, isReply: boolean) =>
    slack.until(
      what,
      () => new Set(posted(isReply).map((one) => one.threadTs ?? one.ts)).size === requests,
      patienceMs,
    );
  const firstCardMs = since(await slack.until('the first card', () => posted(false).length > 0, patienceMs));
  const cardsMs = since(await until('every card', false));
  const resultsMs = since(await until('every result', true));
  stopListening();
  for (const { outcome, errors } of await submitted)
    if (outcome !== 'closed') throw new Error(`A form was not taken: ${JSON.stringify(errors)}`);
  await Promise.all(approvals.values());
  return { firstCardMs, cardsMs, resultsMs };
}

const isSignIn = ({ path }: HaloCall) => path.startsWith('/auth');
const isFurtherPage = ({ query }: HaloCall) => Number(query['page_no'] ?? 1) > 1;
/** What is kept in memory is read anew once in a while, whatever the number of agents. */
const isKept = ({ path }: HaloCall) => !path.startsWith('/api/Agent');

/** What each agent needs by itself. */
function ofAgents(calls: readonly HaloCall[]): HaloCall[] {
  return calls.filter((call) => !isSignIn(call) && !isFurtherPage(call) && !isKept(call));
}

/** The paths of single agents are one. */
function nameOf({ method, path }: HaloCall): string {
  return `${method} ${path.replace(/\/\d+$/, '/{id}')}`;
}

function row(title: string, { firstCardMs, cardsMs, resultsMs, directs }: Measured): string[] {
  return [title, seconds(firstCardMs), seconds(cardsMs), seconds(resultsMs), String(directs)];
}

function callTable(calls: readonly HaloCall[]) {
  const own = ofAgents(calls);
  const perAgent = (list: readonly HaloCall[]) => String(list.length / requests);
  const names = [...new Set(own.map(nameOf))].sort();
  return {
    title: 'Calls to HaloPSA from the submission to the last result',
    rows: [
      ['', 'calls'],
      ['per agent', perAgent(own)],
      ...names.map((name) => [`\`${name}\``, perAgent(own.filter((call) => nameOf(call) === name))]),
      ['further pages, per agent', perAgent(calls.filter(isFurtherPage))],
      [
        'lists and roles that are kept in memory, in all',
        String(calls.filter((call) => isKept(call) && !isSignIn(call)).length),
      ],
      ['sign-in, in all', String(calls.filter(isSignIn).length)],
    ],
  };
}
