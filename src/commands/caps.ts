import type { AllMiddlewareArgs, AnyMiddlewareArgs, App } from '@slack/bolt';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Budgets, Cap } from '../budgets.ts';
import { openStates } from '../requests/states.ts';
import { countRequestsOf } from '../requests/store.ts';
import { tooFast } from '../views/refusals.ts';
import type { Dependencies } from '../actions/dependencies.ts';
import { isButton, isCommand, isOptions, isSubmission, underFirstField } from './interactions.ts';

/** 0: this person may, and it is counted. Else how many milliseconds until they may again. */
export type Count = (userId: string) => number;

/** So many people are kept in memory, and more only while all of them are busy. */
const maxKept = 1_000;

/** Counts for each person, in the memory of this process: what is refused here must cost next to nothing. */
export function createCap({ count, inMs }: Cap, now: () => number): Count {
  const times = new Map<string, number[]>();
  const forgetIdle = (at: number) => {
    for (const [userId, taken] of times) if ((taken.at(-1) ?? 0) <= at - inMs) times.delete(userId);
  };
  return (userId) => {
    const at = now();
    const taken = (times.get(userId) ?? []).filter((time) => time > at - inMs && time <= at);
    const [first] = taken;
    if (first !== undefined && taken.length >= count) return first + inMs - at;
    if (times.size >= maxKept) forgetIdle(at);
    times.set(userId, [...taken, at]);
    return 0;
  };
}

type Args = AnyMiddlewareArgs & AllMiddlewareArgs;
type Deps = { log: Logger; now: () => number; budgets: Pick<Budgets, 'person'> };

/** Whoever presses on while they are refused reads it this often. */
const toldOnce: Cap = { count: 1, inMs: 10_000 };

/** The second middleware: nobody keeps the others waiting by what a person can press and type. */
export function registerCaps(app: App, { log, now, budgets }: Deps): void {
  const { presses, submissions, searches } = budgets.person;
  const caps = {
    press: createCap(presses, now),
    submission: createCap(submissions, now),
    search: createCap(searches, now),
  };
  const told = createCap(toldOnce, now);
  app.use(async (args) => {
    const userId = userOf(args.body);
    if (userId === undefined) return args.next();
    const kind = isOptions(args) ? 'search' : isSubmission(args) ? 'submission' : 'press';
    const waitMs = caps[kind](userId);
    if (waitMs === 0) return args.next();
    const isNews = told(userId) === 0;
    if (isNews) log.warn({ userId, kind, waitMs }, 'somebody is refused for a while: too many interactions');
    await refuse(args, tooFast(waitMs), isNews);
  });
}

/** Without a call to Slack, but for a button that was not answered for a while: it has no other place to say it. */
async function refuse(args: Args, text: string, isNews: boolean): Promise<void> {
  if (isOptions(args)) return args.ack({ options: [] });
  if (isCommand(args)) return args.ack({ response_type: 'ephemeral', text });
  if (isSubmission(args)) return args.ack(underFirstField(args.view, text));
  if (isButton(args)) {
    await args.ack();
    if (isNews && Object.hasOwn(args.body, 'response_url'))
      await args.respond({ response_type: 'ephemeral', replace_original: false, text });
    return;
  }
  if ('ack' in args && typeof args.ack === 'function') await args.ack();
}

const bodySchema = z.union([
  z.object({ user: z.object({ id: z.string() }) }).transform(({ user }) => user.id),
  z.object({ user_id: z.string() }).transform((body) => body.user_id),
  z.object({ event: z.object({ user: z.string() }) }).transform(({ event }) => event.user),
]);

/** Undefined: nobody did it. */
function userOf(body: unknown): string | undefined {
  return bodySchema.safeParse(body).data;
}

/** May this person have no more requests open? A count, so two forms at the same moment may both pass. */
export async function hasTooManyOpen(
  { db, identity, budgets }: Pick<Dependencies, 'db' | 'identity' | 'budgets'>,
  requester: string,
): Promise<boolean> {
  const { teamId } = identity;
  const open = await countRequestsOf(db, { teamId, requester, states: openStates });
  return open >= budgets.person.openRequests;
}
