import type { OpenModal } from '../sandbox/slack/modal.ts';
import type { SeenMessage } from '../sandbox/slack/person.ts';
import { bot, channels, people } from '../sandbox/slack/workspace.ts';
import { startWorld, type World } from '../sandbox/world.ts';
import { troubleIn, type Trouble } from './log.ts';
import { seconds, type Report } from './report.ts';

const requests = 20;
/** Far above what it takes: who waits longer waits for something that does not come. */
const patienceMs = 180_000;
const ops = channels.ops.id;

type Measured = { cardsMs: number; resultsMs: number; calls: string[]; logged: Trouble[] };

/**
 * How long 20 requests take that are submitted at the same moment in one channel, each approved the moment its card
 * stands: until the last card, until the last result. And how often HaloPSA is called for each agent.
 */
export async function jobs(): Promise<Report> {
  const unlimited = await measure(false);
  const limited = await measure(true);
  return {
    tables: [
      {
        title: `${requests} requests at once in one channel`,
        rows: [
          ['', 'every card stands after', 'every result stands after'],
          row('Slack takes every call', unlimited),
          row('Slack limits calls', limited),
        ],
      },
      callTable(unlimited.calls),
    ],
    notes: [],
    missed: [],
    logged: [...unlimited.logged, ...limited.logged],
  };
}

async function measure(rateLimits: boolean): Promise<Measured> {
  const world = await startWorld({ mode: 'socket', licences: 1_000, rateLimits });
  const [app] = world.apps;
  try {
    await app.start();
    const forms: OpenModal[] = [];
    for (let index = 0; index < requests; index += 1) forms.push(await fillIn(world, index));
    const callsBefore = world.halo.journal.length;
    const waited = await submitAndApprove(world, forms);
    const calls = world.halo.journal
      .slice(callsBefore)
      .map(({ method, path }) => `${method} ${nameOf(path)}`);
    return { ...waited, calls, logged: troubleIn(app.log()) };
  } finally {
    await world.stop();
  }
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
  const ben = slack.as(people.ben.id);
  const posted = (isReply: boolean) =>
    slack.store.messages.filter(
      ({ channel, author, threadTs }) =>
        channel === ops && author === bot.userId && (threadTs !== undefined) === isReply,
    );
  const approvals = new Map<string, Promise<void>>();
  const stopListening = slack.store.onChange(() => {
    for (const { ts } of posted(false))
      if (!approvals.has(ts)) approvals.set(ts, approve(ben.sees(ops, (one) => one.ts === ts)));
  });
  const approve = async ([card]: SeenMessage[]) => {
    if (card === undefined) throw new Error('The approver does not see the card');
    const { failure } = await ben.press(card, 'Approve');
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
  const cardsMs = since(await until('every card', false));
  const resultsMs = since(await until('every result', true));
  stopListening();
  for (const { outcome, errors } of await submitted)
    if (outcome !== 'closed') throw new Error(`A form was not taken: ${JSON.stringify(errors)}`);
  await Promise.all(approvals.values());
  return { cardsMs, resultsMs };
}

/** The paths of single agents are one. */
function nameOf(path: string): string {
  return path.replace(/\/\d+$/, '/{id}');
}

function row(title: string, { cardsMs, resultsMs }: Measured): string[] {
  return [title, seconds(cardsMs), seconds(resultsMs)];
}

function callTable(calls: readonly string[]) {
  const signIns = calls.filter((call) => call.startsWith('POST /auth'));
  const perAgent = (list: readonly string[]) => String(list.length / requests);
  const names = [...new Set(calls)].filter((name) => !signIns.includes(name)).sort();
  return {
    title: 'Calls to HaloPSA from the submission to the last result, per agent',
    rows: [
      ['', 'calls per agent'],
      ['all but sign-in', perAgent(calls.filter((call) => !signIns.includes(call)))],
      ...names.map((name) => [`\`${name}\``, perAgent(calls.filter((call) => call === name))]),
      ['sign-in, in all', String(signIns.length)],
    ],
  };
}
