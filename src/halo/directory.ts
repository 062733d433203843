import { setTimeout } from 'node:timers/promises';
import { isNoOlder } from '../age.ts';
import { areAllAgents, listAgents, type Agent } from './agents.ts';
import { choiceLists } from './choices.ts';
import type { HaloClient } from './client.ts';
import { getControl, type Control } from './control.ts';
import { HaloError } from './errors.ts';
import { getInstanceInfo, type InstanceInfo } from './instance-info.ts';
import { createRightsInMemory } from './role-rights.ts';
import type { Listed } from './lists.ts';
import { listRoles, type ListedRole, type Role } from './roles.ts';
import { listTeams, type Team } from './teams.ts';
import { namesInUse } from './time-zones.ts';
import { listWorkdays, type Workday } from './workdays.ts';

/** `fetchedAt`: epoch milliseconds of the last success. `failure`: why the last look failed, if it did. */
export type Fetched<T> = {
  value: T;
  /** It is all that HaloPSA has. Else nothing follows from what is not in it. */
  isWhole: boolean;
  fetchedAt: number | undefined;
  failure: HaloError | undefined;
};

export type DirectorySnapshot = {
  agents: Fetched<readonly Agent[]>;
  teams: Fetched<readonly Team[]>;
  roles: Fetched<readonly Role[]>;
  workdays: Fetched<readonly Workday[]>;
  instance: Fetched<InstanceInfo>;
  control: Fetched<Control>;
};

export type ListName = keyof DirectorySnapshot;

const listNames = [
  'agents',
  'teams',
  'roles',
  'workdays',
  'instance',
  'control',
] as const satisfies readonly ListName[];

export type Directory = {
  /** What is in memory now. Each list is there as soon as it has come, whatever the others do. */
  current: () => DirectorySnapshot;
  /** What is in memory; right after the start it waits for the first look at this list, at most `withinMs`. */
  currentSoon: (withinMs: number, name: ListName) => Promise<DirectorySnapshot>;
  /**
   * Asks HaloPSA again for those of the lists that are older than `maxAgeMs` or failed the last time, and waits for them.
   * Never rejects for HaloPSA's sake.
   */
  refreshIfOlder: (maxAgeMs: number, names?: readonly ListName[]) => Promise<DirectorySnapshot>;
  /** Asks now and then every five minutes. */
  start: () => void;
  stop: () => void;
};

/** The lists that an agent's settings are chosen from, by what people call them. */
export function choicesIn({ teams, roles, workdays }: DirectorySnapshot): Record<string, Fetched<unknown>> {
  return {
    [choiceLists.teams.label]: teams,
    [choiceLists.roles.label]: roles,
    [choiceLists.workdays.label]: workdays,
  };
}

const refreshEveryMs = 300_000;
/** A look waits so long for what roles allow. What comes later is there for the next one. */
const waitForRightsMs = 2_000;

/**
 * HaloPSA's lists in memory, because Slack waits three seconds for what a field offers. While HaloPSA is
 * down the last good list stays, with the reason beside it.
 */
export function createDirectory(
  http: HaloClient,
  { now, onError }: { now: () => number; onError: (error: unknown) => void },
): Directory {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  /** What it stands on may be closed while the last look is still out. */
  const report = (error: unknown) => {
    if (!isStopped) onError(error);
  };
  const rights = createRightsInMemory(http, now);
  const keep = <T>(empty: T, fetch: () => Promise<Looked<T>>) => keepLatest(empty, fetch, { now, report });
  const agents = keep<readonly Agent[]>([], () => listAgents(http).then(ofList));
  const teams = keep<readonly Team[]>([], () => listTeams(http).then(ofList));
  const roles = keep<readonly ListedRole[]>([], () => listRoles(http).then(ofList));
  const workdays = keep<readonly Workday[]>([], async () => {
    const { rows, isWhole } = await listWorkdays(http);
    // Worked out here, so that nobody who types waits for it.
    namesInUse(rows);
    return { value: rows, isWhole };
  });
  const instance = keep<InstanceInfo>({}, () => getInstanceInfo(http).then(ofOne));
  const control = keep<Control>({}, () => getControl(http).then(ofOne));
  const refreshes: Record<ListName, () => Promise<void>> = {
    agents: agents.refresh,
    teams: teams.refresh,
    roles: async () => {
      await roles.refresh();
      if (roles.current().failure === undefined) await readRights();
    },
    workdays: workdays.refresh,
    instance: instance.refresh,
    control: control.refresh,
  };

  const current = (): DirectorySnapshot => {
    const { value, isWhole } = agents.current();
    const counted = instance.current().value.agent_count;
    return {
      agents: { ...agents.current(), isWhole: areAllAgents({ rows: value, isWhole }, counted) },
      teams: teams.current(),
      roles: { ...roles.current(), value: rights.of(roles.current().value) },
      workdays: workdays.current(),
      instance: instance.current(),
      control: control.current(),
    };
  };

  /** While a role's rights are read, it is there with those that were known before. */
  async function readRights(): Promise<void> {
    const read = rights.read(roles.current().value);
    read.catch(report);
    await Promise.race([read, setTimeout(waitForRightsMs, undefined, { ref: false })]);
  }

  const refresh = async (names: readonly ListName[]) => {
    await Promise.all(names.map((name) => refreshes[name]()));
    return current();
  };

  return {
    current,
    currentSoon: async (withinMs, name) => {
      const { fetchedAt, failure } = current()[name];
      const hasLooked = fetchedAt !== undefined || failure !== undefined;
      if (!hasLooked) await Promise.race([refresh([name]), setTimeout(withinMs, undefined, { ref: false })]);
      return current();
    },
    refreshIfOlder: (maxAgeMs, names = listNames) => {
      const known = current();
      const isFresh = ({ fetchedAt, failure }: Fetched<unknown>) =>
        failure === undefined && fetchedAt !== undefined && isNoOlder(fetchedAt, maxAgeMs, now());
      return refresh(names.filter((name) => !isFresh(known[name])));
    },
    start: () => {
      const refreshNow = () => {
        refresh(listNames).catch(report);
      };
      refreshNow();
      timer = setInterval(refreshNow, refreshEveryMs).unref();
    },
    stop: () => {
      isStopped = true;
      clearInterval(timer);
    },
  };
}

type Looked<T> = { value: T; isWhole: boolean };

function ofList<T>({ rows, isWhole }: Listed<T>): Looked<readonly T[]> {
  return { value: rows, isWhole };
}

function ofOne<T>(value: T): Looked<T> {
  return { value, isWhole: true };
}

/** The latest that HaloPSA answered, and whether the last look failed. Whoever asks during a look shares it. */
function keepLatest<T>(
  empty: T,
  fetch: () => Promise<Looked<T>>,
  { now, report }: { now: () => number; report: (error: unknown) => void },
): { current: () => Fetched<T>; refresh: () => Promise<void> } {
  let kept: Fetched<T> = { value: empty, isWhole: false, fetchedAt: undefined, failure: undefined };
  let refreshing: Promise<void> | undefined;

  async function look(): Promise<void> {
    try {
      kept = { ...(await fetch()), fetchedAt: now(), failure: undefined };
    } catch (error) {
      if (!(error instanceof HaloError)) throw error;
      report(error);
      kept = { ...kept, failure: error };
    }
  }

  return {
    current: () => kept,
    refresh: () => {
      refreshing ??= look().finally(() => {
        refreshing = undefined;
      });
      return refreshing;
    },
  };
}
