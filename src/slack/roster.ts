import { setTimeout as pause } from 'node:timers/promises';
import { WebAPIRateLimitedError, type WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { isNoOlder } from '../age.ts';
import { isEmpty, type Approvers, type PeopleList } from '../requests/policy.ts';
import type { Identity } from './connection.ts';
import type { Groups } from './groups.ts';
import { adminsByPage } from './admins.ts';
import type { People } from './people.ts';
import { isPassing, whyUnanswered } from './unanswered.ts';
import { TryLater } from '../storage/worker.ts';

/** `readAt`: when Slack was asked, in epoch milliseconds. Undefined: the first reading hasn't come to its end. */
export type Roster = Approvers & { readAt: number | undefined };

export type RosterReader = {
  /** From memory, at once: as it was read last, or as far as the first reading has come. */
  current: () => Roster;
  /** All who may approve, as read lately; it waits a second for it. @throws {TryLater} while that isn't known */
  recent: () => Promise<Roster>;
  /** The same, read again before unless it is recent; but nobody waits for that longer than this, in milliseconds. */
  currentSoon: (withinMs: number) => Promise<Roster>;
  /** Reads it again, unless it is recent. One reading at a time. Resolves when it's over, whatever came of it. */
  refresh: () => Promise<void>;
  /** The same once now and every few minutes. */
  start: () => void;
  stop: () => void;
};

const refreshMs = 600_000;
/** Good enough for whoever opens a form. The workspace's members take Slack minutes, and it allows few pages of them. */
const recentMs = { named: 60_000, admins: 600_000 };
/** Everybody of a list that is no longer than this is looked up, so that the form can name them. */
const maxNamed = 10;
/** Of those who are named in a longer list so many are looked up at most, to find as many approvers as a request needs. */
const maxLookedUp = 300;
/** Milliseconds. Slack may ask for a pause; what else fails passes, or not, in such pauses. */
const longestWaitMs = 120_000;
const againAfterMs = [1_000, 4_000, 15_000];
const soonMs = 1_000;
const lookAgainMs = 2_000;

/**
 * Who may approve, read in the background: nobody ever waits for it, and no press is decided by it. It asks Slack for
 * the members of user groups, for the workspace's members where nobody is named, and for as many people as a request
 * needs. Slack's pauses are kept, and it goes on where it was. The last good reading stays until the next is whole.
 */
export function createRoster(deps: {
  client: WebClient;
  identity: Identity;
  people: Pick<People, 'find'>;
  groups: Groups;
  approvers: PeopleList;
  /** Groups that are named for something else: nobody of them is looked up, but the log says it when one is dead. */
  otherGroups: readonly string[];
  /** So many approvers answer for every request: as many as it needs, and its requester. */
  enough: number;
  log: Logger;
  now: () => number;
}): RosterReader {
  const { client, identity, people, groups, approvers, otherGroups, enough, log, now } = deps;
  const ended = new AbortController();
  const told = new Map<string, string>();
  const recent = isEmpty(approvers) ? recentMs.admins : recentMs.named;
  let current: Roster = { ...nobody, readAt: undefined };
  let reading: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  /** As long as no reading has come to its end, what is known so far is better than nothing. */
  const sofar = (found: Approvers) => {
    if (current.readAt === undefined) current = { ...found, readAt: undefined };
  };

  async function read(): Promise<void> {
    const startedAt = now();
    const holes = new Map<string, string>();
    const found = isEmpty(approvers) ? await readAdmins(holes) : await readNamed(holes);
    for (const group of otherGroups) {
      const members = await patiently(() => membersOf(group)).catch(notTold);
      if ('unknown' in members) holes.set(group, members.unknown);
    }
    if (found.isWhole || current.readAt === undefined)
      current = { ...found, readAt: found.isWhole ? startedAt : undefined };
    logMissing(holes);
  }

  async function readAdmins(holes: Map<string, string>): Promise<Approvers> {
    let ids: string[] = [];
    try {
      for await (const page of adminsByPage(client, identity, patiently)) {
        ids = [...ids, ...page];
        sofar({ ...nobody, ids, named: ids });
      }
      return { ...nobody, ids, named: ids, isWhole: true };
    } catch (error) {
      holes.set('the workspace’s members', whyUnanswered(error));
      return { ...nobody, ids, named: ids };
    }
  }

  async function readNamed(holes: Map<string, string>): Promise<Approvers> {
    const dead: string[] = [];
    const inGroups: string[] = [];
    let isWhole = true;
    for (const group of approvers.groups) {
      const members = await patiently(() => membersOf(group)).catch(notTold);
      if ('ids' in members) inGroups.push(...members.ids);
      else {
        holes.set(group, members.unknown);
        if (members.lasts) dead.push(group);
        else isWhole = false;
      }
    }
    const named = [...new Set([...approvers.users, ...inGroups])];
    const ids: string[] = [];
    const inOrder = () => named.filter((id) => ids.includes(id));
    let lookedUp = 0;
    while (lookedUp < named.length && (named.length <= maxNamed || ids.length < enough)) {
      if (lookedUp >= maxLookedUp) {
        holes.set('approvers', `none but ${ids.length} of the first ${maxLookedUp} may approve`);
        isWhole = false;
        break;
      }
      const next = named.slice(
        lookedUp,
        lookedUp + (named.length <= maxNamed ? maxNamed : enough - ids.length),
      );
      lookedUp += next.length;
      const notLookedUp = named.length - lookedUp;
      const looked = await Promise.all(
        next.map(async (id) => {
          const may = await mayApprove(id, holes);
          if (may === true) ids.push(id);
          // One who takes long keeps nobody else from being known.
          sofar({ ids: inOrder(), named, notLookedUp, isWhole: false, dead });
          return may;
        }),
      );
      isWhole &&= !looked.includes(undefined);
    }
    return { ids: inOrder(), named, notLookedUp: named.length - lookedUp, isWhole, dead };
  }

  /** They are named, so they may, if they are full members. Undefined: Slack does not say. */
  async function mayApprove(id: string, holes: Map<string, string>): Promise<boolean | undefined> {
    try {
      return (await patiently(() => people.find(id)))?.standing === 'member';
    } catch (error) {
      holes.set(id, whyUnanswered(error));
      return undefined;
    }
  }

  /** @throws NotNow where it may be asked again */
  async function membersOf(group: string) {
    const members = await groups.membersOf(group);
    if ('unknown' in members && !members.lasts) throw new NotNow(members.unknown);
    return members;
  }

  /** Waits as Slack asks for, and tries again what may pass. @throws the last error */
  async function patiently<T>(call: () => Promise<T>): Promise<T> {
    for (let failed = 0; ;) {
      try {
        return await call();
      } catch (error) {
        const isLimited = error instanceof WebAPIRateLimitedError;
        const waitMs = isLimited ? error.retryAfter * 1_000 : againAfterMs[failed];
        const mayPass = error instanceof NotNow || isPassing(error);
        if (!isLimited) failed += 1;
        if (waitMs === undefined || !mayPass || ended.signal.aborted) throw error;
        await pause(Math.min(waitMs, longestWaitMs), undefined, { ref: false, signal: ended.signal });
      }
    }
  }

  /** Once for each, and once more when it is over. */
  function logMissing(holes: ReadonlyMap<string, string>): void {
    if (ended.signal.aborted) return;
    for (const [entry, why] of holes)
      if (told.get(entry) !== why)
        log.warn({ entry, why }, 'somebody who is named could not be looked up; nobody else is affected');
    for (const entry of told.keys())
      if (!holes.has(entry)) log.info({ entry }, 'who is named can be looked up again');
    told.clear();
    for (const [entry, why] of holes) told.set(entry, why);
  }

  const refresh = (): Promise<void> => {
    if (reading !== undefined) return reading;
    if (current.readAt !== undefined && isNoOlder(current.readAt, recent, now())) return Promise.resolve();
    reading = read()
      .catch((error: unknown) => {
        if (!ended.signal.aborted) log.error({ err: error }, 'who may approve could not be read');
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };

  return {
    current: () => current,
    currentSoon: async (withinMs) => {
      await Promise.race([refresh(), pause(withinMs, undefined, { ref: false })]);
      return current;
    },
    recent: async () => {
      const isRecent = () =>
        current.readAt !== undefined && isNoOlder(current.readAt, refreshMs + recent, now());
      if (!isRecent()) await Promise.race([refresh(), pause(soonMs, undefined, { ref: false })]);
      if (isRecent()) return current;
      throw new TryLater(lookAgainMs, 'who may approve is being read');
    },
    refresh,
    start: () => {
      void refresh();
      timer = setInterval(() => void refresh(), refreshMs).unref();
    },
    stop: () => {
      clearInterval(timer);
      ended.abort();
    },
  };
}

const nobody: Approvers = { ids: [], named: [], notLookedUp: 0, isWhole: false, dead: [] };

class NotNow extends Error {
  override readonly name = 'NotNow';
}

function notTold(error: unknown) {
  return { unknown: error instanceof NotNow ? error.message : whyUnanswered(error), lasts: false };
}
