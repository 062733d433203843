import { setTimeout as pause } from 'node:timers/promises';
import {
  areAllAgents,
  createAgent,
  deleteAgent,
  getAgent,
  listAgents,
  type AgentFields,
} from '../../halo/agents.ts';
import { HaloError, type HaloErrorKind } from '../../halo/errors.ts';
import type { Answer, ObservedHalo } from './observed-halo.ts';

export type Probing = ObservedHalo & {
  /** Milliseconds between looks: HaloPSA may show late what was done. */
  pausesMs: readonly number[];
};

export type Create = Answer & {
  /** HaloPSA's names of what was sent. */
  sent: string[];
  outcome: 'created' | HaloErrorKind;
  /** It failed, and the agent was in HaloPSA's list all the same. */
  foundInList: boolean;
};

/** `mayExist`: nobody can say that there is no agent. */
export type Made = { creates: Create[]; error: HaloError | undefined } & (
  { id: number } | { id: undefined; mayExist: boolean }
);

/**
 * Creates the agent. What HaloPSA refuses for a value is tried again with `least`, once the agent is seen not to be
 * there: the updates tell then which value it was.
 */
export async function makeAgent(probing: Probing, full: AgentFields, least: AgentFields): Promise<Made> {
  const creates: Create[] = [];
  let error: HaloError | undefined;
  for (const fields of [full, least]) {
    const sent = Object.keys(fields).filter((name) => name !== 'password');
    try {
      const { id } = await createAgent(probing.http, fields);
      creates.push({ sent, outcome: 'created', foundInList: false, ...probing.lastAnswer() });
      return { id, creates, error };
    } catch (caught) {
      if (!(caught instanceof HaloError)) throw caught;
      error = caught;
      const answer = probing.lastAnswer();
      const found = await findByName(probing, full.name ?? '');
      const id = found === 'unknown' ? undefined : found[0];
      creates.push({ sent, outcome: error.kind, foundInList: id !== undefined, ...answer });
      if (id !== undefined) return { id, creates, error };
      const mayExist = found === 'unknown' || error.kind === 'outcome_unknown';
      if (mayExist || error.kind !== 'invalid') return { id: undefined, mayExist, creates, error };
    }
  }
  return { id: undefined, mayExist: false, creates, error };
}

/** The ids of the agents with this name, looked for as long as one may show late. */
async function findByName({ http, pausesMs }: Probing, name: string): Promise<number[] | 'unknown'> {
  let found: number[] | 'unknown' = 'unknown';
  for (const delayMs of [0, ...pausesMs]) {
    await pause(delayMs);
    try {
      const { rows, isWhole } = await listAgents(http);
      const ids = rows.filter((agent) => agent.name === name).flatMap(({ id }) => id ?? []);
      if (ids.length > 0) return ids;
      // One that is not in a part of the list may be in the rest.
      found = areAllAgents({ rows, isWhole }, undefined) ? ids : 'unknown';
    } catch (error) {
      if (!(error instanceof HaloError)) throw error;
      found = 'unknown';
    }
  }
  return found;
}

export type Removal = Answer & { outcome: 'gone' | 'still there' | 'unknown' };

/** What nobody else's agent has: both have a random part. HaloPSA may keep one of the two otherwise. */
export type Mark = { name: string; email: string };

export function isMarked(
  agent: { name?: string | undefined; email?: string | undefined },
  { name, email }: Mark,
): boolean {
  return agent.name === name || agent.email === email;
}

/**
 * Removes the agent, and whatever else HaloPSA lists by now under its name: a refused create may show late, and the
 * answered id may be another agent's. `left`: the ids of those that may still be there; undefined for one without.
 */
export async function removeAgents(
  probing: Probing,
  mark: Mark,
  { id, creates }: { id: number; creates: readonly Create[] },
): Promise<{ removal: Removal | undefined; left: (number | undefined)[] }> {
  const seen = await lookFor(probing, mark, id);
  const removal = seen === 'ours' ? await removeAgent(probing, id) : undefined;
  const isLeft = removal === undefined ? seen !== 'other' : removal.outcome !== 'gone';
  const isFirst = creates.length === 1 && seen !== 'other';
  const listed = await findByName({ ...probing, pausesMs: isFirst ? [] : probing.pausesMs }, mark.name);
  const others = listed === 'unknown' ? [] : listed.filter((one) => one !== id);
  const left: (number | undefined)[] = isLeft ? [id] : [];
  for (const other of others) if ((await removeAgent(probing, other)).outcome !== 'gone') left.push(other);
  if (seen === 'other' && others.length === 0) left.push(undefined);
  return { removal, left };
}

/** Whose agent this is. `gone`: HaloPSA shows none, which may be late. */
async function lookFor(
  { http, pausesMs }: Probing,
  mark: Mark,
  id: number,
): Promise<'ours' | 'other' | 'gone' | 'unknown'> {
  let seen: 'gone' | 'unknown' = 'unknown';
  for (const delayMs of [0, ...pausesMs]) {
    await pause(delayMs);
    try {
      return isMarked(await getAgent(http, id), mark) ? 'ours' : 'other';
    } catch (error) {
      if (!(error instanceof HaloError)) throw error;
      seen = error.kind === 'not_found' ? 'gone' : 'unknown';
    }
  }
  return seen;
}

/** Deletes an agent that was seen to be ours, once, and looks whether it is gone. */
async function removeAgent(probing: Probing, id: number): Promise<Removal> {
  let answer: Answer;
  let isDone = false;
  try {
    await deleteAgent(probing.http, id);
    isDone = true;
  } catch (error) {
    if (!(error instanceof HaloError)) throw error;
  } finally {
    answer = probing.lastAnswer();
  }
  let outcome: Removal['outcome'] = 'unknown';
  for (const delayMs of [0, ...probing.pausesMs]) {
    await pause(delayMs);
    outcome = await isThere(probing, id);
    // Without HaloPSA’s word one look proves little: an agent that shows late is not gone.
    if (outcome === 'gone' && isDone) break;
  }
  return { outcome, ...answer };
}

async function isThere({ http }: Probing, id: number): Promise<Removal['outcome']> {
  try {
    await getAgent(http, id);
    return 'still there';
  } catch (error) {
    if (!(error instanceof HaloError)) throw error;
    return error.kind === 'not_found' ? 'gone' : 'unknown';
  }
}
