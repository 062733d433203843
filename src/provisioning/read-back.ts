import { fieldOf, fields, type FieldId } from '../fields/index.ts';
import type { AgentDetails, AgentFields } from '../halo/agents.ts';
import type { Plan } from '../requests/plan.ts';
import type { ReadBack } from '../requests/request.ts';

/** So many updates at the most try to set what HaloPSA did not keep. */
export const repairRounds = Math.max(...fields.map(({ repairs }) => repairs.length));

/** The whole plan as HaloPSA is sent it on create. */
export function agentFields(plan: Plan): AgentFields {
  return merged(fields.map((field) => field.send(plan)));
}

export function merged(parts: readonly AgentFields[]): AgentFields {
  return parts.reduce<AgentFields>((all, part) => ({ ...all, ...part }), {});
}

/** What the update of this round (from 0) sends for each of `missing`; fields without another way are left out. */
export function repairsOf(plan: Plan, missing: readonly FieldId[], round: number): AgentFields[] {
  return missing.flatMap((id) => fieldOf(id).repairs[round]?.(plan) ?? []);
}

/** Field by field: what was planned, and what HaloPSA reports. It drops fields without an error. */
export function compareWithPlan(plan: Plan, agent: AgentDetails): ReadBack[] {
  const granted = new Set(fields.flatMap(({ grants }) => grants?.(plan) ?? []));
  return fields.map((field) => {
    const reported = field.reported(agent);
    const isSame = field.same(plan, agent, granted);
    const outcome = isSame ? 'set' : reported === undefined ? 'not_reported' : 'different';
    return { field: field.id, planned: field.text(plan), reported, outcome };
  });
}

/** The fields that HaloPSA reports otherwise than planned. Of those that it does not report nothing is known. */
export function deviations(readBack: readonly ReadBack[]): FieldId[] {
  return readBack.filter(({ outcome }) => outcome === 'different').map(({ field }) => field);
}
