import { setTimeout } from 'node:timers/promises';
import { areAllAgents, listAgents, type Agent } from './agents.ts';
import type { HaloClient } from './client.ts';
import { getControl, type Control } from './control.ts';
import { HaloError } from './errors.ts';
import { getInstanceInfo, type InstanceInfo } from './instance-info.ts';
import { createRightsInMemory } from './role-rights.ts';
import type { Listed } from './lists.ts';
import { listRoles, type Role } from './roles.ts';
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

export type Directory = {
  /** What is in memory now. */
  current: () => DirectorySnapshot;
  /** What is in memory; right after the start, when nothing was ever read, it waits for the first look, at most `withinMs`. */
  currentSoon: (withinMs: number) => Promise<DirectorySnapshot>;
  /** Asks HaloPSA again when a list is older than `maxAgeMs` or failed the last time. Never rejects for HaloPSA's sake. */
  refreshIfOlder: (maxAgeMs: number) => Promise<DirectorySnapshot>;
  /** Asks now and then every five minutes. */
  start: () => void;
  stop: () => void;
};

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
  const never = { isWhole: false, fetchedAt: undefined, failure: undefined };
  let snapshot: DirectorySnapshot = {
    agents: { value: [], ...never },
    teams: { value: [], ...never },
    roles: { value: [], ...never },
    workdays: { value: [], ...never },
    instance: {
      value: {
        tenant_id: undefined,
        app_version: undefined,
        agent_count: undefined,
        licensed_agent_count: undefined,
      },
      ...never,
    },
    control: { value: { password_char_length: undefined, forcestrongpasswords: undefined }, ...never },
  };
  const rights = createRightsInMemory(http, now);
  let refreshing: Promise<DirectorySnapshot> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  /** What it stands on may be closed while the last look is still out. */
  const report = (error: unknown) => {
    if (!isStopped) onError(error);
  };

  async function fetched<T>(
    before: Fetched<T>,
    fetch: (http: HaloClient) => Promise<{ value: T; isWhole: boolean }>,
  ): Promise<Fetched<T>> {
    try {
      return { ...(await fetch(http)), fetchedAt: now(), failure: undefined };
    } catch (error) {
      if (!(error instanceof HaloError)) throw error;
      report(error);
      return { ...before, failure: error };
    }
  }

  async function fetchAll(): Promise<DirectorySnapshot> {
    const [agents, teams, roles, workdays, instance, control] = await Promise.all([
      fetched(snapshot.agents, whole(listAgents)),
      fetched(snapshot.teams, whole(listTeams)),
      fetched(snapshot.roles, async () => {
        const { rows, isWhole } = await listRoles(http);
        return { value: rights.of(rows), isWhole };
      }),
      fetched(snapshot.workdays, whole(listWorkdays)),
      fetched(snapshot.instance, one(getInstanceInfo)),
      fetched(snapshot.control, one(getControl)),
    ]);
    const listed = { rows: [...agents.value], isWhole: agents.isWhole };
    const isWhole = areAllAgents(listed, instance.value.agent_count);
    snapshot = { agents: { ...agents, isWhole }, teams, roles, workdays, instance, control };
    // Worked out here, so that nobody who types waits for it.
    namesInUse(workdays.value);
    if (roles.failure === undefined) await readRights();
    return snapshot;
  }

  const whole =
    <T>(list: (http: HaloClient) => Promise<Listed<T>>) =>
    async () => {
      const { rows, isWhole } = await list(http);
      return { value: rows, isWhole };
    };
  const one =
    <T>(get: (http: HaloClient) => Promise<T>) =>
    async () => ({ value: await get(http), isWhole: true });

  /** While a role's rights are read, it is there with those that were known before. */
  async function readRights(): Promise<void> {
    const read = rights.read(snapshot.roles.value).then(() => {
      const { roles } = snapshot;
      snapshot = { ...snapshot, roles: { ...roles, value: rights.of(roles.value) } };
    });
    read.catch(report);
    await Promise.race([read, setTimeout(waitForRightsMs, undefined, { ref: false })]);
  }

  function refresh(): Promise<DirectorySnapshot> {
    refreshing ??= fetchAll().finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  }

  return {
    current: () => snapshot,
    currentSoon: async (withinMs) => {
      const { fetchedAt, failure } = snapshot.agents;
      const hasLooked = fetchedAt !== undefined || failure !== undefined;
      if (!hasLooked) await Promise.race([refresh(), setTimeout(withinMs, undefined, { ref: false })]);
      return snapshot;
    },
    refreshIfOlder: async (maxAgeMs) => {
      const { agents, teams, roles, workdays } = snapshot;
      const isFresh = [agents, teams, roles, workdays].every(
        ({ fetchedAt, failure }) =>
          failure === undefined && fetchedAt !== undefined && now() - fetchedAt <= maxAgeMs,
      );
      return isFresh ? snapshot : refresh();
    },
    start: () => {
      const refreshNow = () => {
        refresh().catch(report);
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
