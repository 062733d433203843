import { setTimeout as pause } from 'node:timers/promises';
import { fieldOf, type FieldId } from '../../fields/index.ts';
import { getAgent, updateAgent, type AgentDetails, type AgentFields } from '../../halo/agents.ts';
import { HaloError } from '../../halo/errors.ts';
import type { Plan } from '../../requests/plan.ts';
import { compareWithPlan, deviations } from '../../provisioning/read-back.ts';
import type { ReadBack } from '../../requests/request.ts';
import { isMarked, type Probing } from './probe-agent.ts';

/** What HaloPSA reports after a write. `refused`: it did not take the update. */
type Outcome = ReadBack['outcome'] | 'refused' | 'not_sent';

/** By HaloPSA's names of what was sent. `reads`: how many it took to see the outcome. */
type Update = { sent: string[]; outcome: Outcome; reads: number };

export type Learned = {
  /** How many reads it took until the new agent was there and as HaloPSA then kept it. */
  readsAfterCreate: number;
  fields: Partial<Record<FieldId, { onCreate: { sent: string[]; outcome: Outcome }; byUpdate: Update[] }>>;
  /** The agent as it was read last. */
  agent: AgentDetails;
};

/**
 * Which property carries each field: first what the create did, then the ways of the plan's fields one by one until
 * one is kept. @throws {HaloError} when the agent cannot be read, or is another one: nothing of it is changed then
 */
export async function learnFields(
  probing: Probing,
  plan: Plan,
  { id, sent }: { id: number; sent: readonly string[] },
): Promise<Learned> {
  const first = await readUntil(
    probing,
    id,
    (agent) => deviations(compareWithPlan(plan, agent)).length === 0,
  );
  if (!isMarked(first.agent, plan))
    throw new HaloError({ method: 'POST', path: '/api/Agent', kind: 'outcome_unknown' });
  const learned: Learned = { readsAfterCreate: first.reads, fields: {}, agent: first.agent };
  for (const { field, outcome } of compareWithPlan(plan, first.agent)) {
    const { send, repairs } = fieldOf(field);
    const created = send(plan);
    const wasSent = Object.keys(created).every((property) => sent.includes(property));
    const byUpdate: Update[] = [];
    learned.fields[field] = {
      onCreate: { sent: namesOf(field, created), outcome: wasSent ? outcome : 'not_sent' },
      byUpdate,
    };
    if (outcome !== 'different') continue;
    for (const repair of repairs) {
      const { agent, ...update } = await tryUpdate(probing, { id, plan, field, fields: repair(plan) });
      byUpdate.push(update);
      learned.agent = agent;
      if (update.outcome === 'set') break;
    }
  }
  return learned;
}

async function tryUpdate(
  probing: Probing,
  { id, plan, field, fields }: { id: number; plan: Plan; field: FieldId; fields: AgentFields },
): Promise<Update & { agent: AgentDetails }> {
  const outcomeIn = (agent: AgentDetails) =>
    compareWithPlan(plan, agent).find((one) => one.field === field)?.outcome ?? 'not_reported';
  let isTaken = true;
  try {
    await updateAgent(probing.http, { ...fields, id });
  } catch (error) {
    if (!(error instanceof HaloError)) throw error;
    isTaken = false;
  }
  const { agent, reads } = await readUntil(probing, id, (now) => outcomeIn(now) === 'set');
  const outcome = outcomeIn(agent);
  return {
    sent: namesOf(field, fields),
    outcome: isTaken || outcome === 'set' ? outcome : 'refused',
    reads,
    agent,
  };
}

/** By HaloPSA's names. Builds differ in which forms of a value they take. */
function namesOf(field: FieldId, fields: AgentFields): string[] {
  return fieldOf(field).sentAs?.(fields) ?? Object.keys(fields);
}

/** The last read, if none of them shows it. @throws {HaloError} when it could never be read */
async function readUntil(
  { http, pausesMs }: Probing,
  id: number,
  shows: (agent: AgentDetails) => boolean,
): Promise<{ agent: AgentDetails; reads: number }> {
  let reads = 0;
  let agent: AgentDetails | undefined;
  for (const delayMs of pausesMs) {
    reads += 1;
    try {
      agent = await getAgent(http, id);
      if (shows(agent)) return { agent, reads };
    } catch (error) {
      if (!(error instanceof HaloError) || error.kind !== 'not_found') throw error;
    }
    await pause(delayMs);
  }
  agent = await getAgent(http, id);
  return { agent, reads: reads + 1 };
}
