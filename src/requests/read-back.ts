import type { AgentDetails, AgentFields } from '../halo/agents.ts';
import { fieldRules, type Field } from './plan-fields.ts';
import type { Plan } from './plan.ts';
import { readBackSchema, type ReadBack } from './request.ts';

const fields = readBackSchema.shape.field.options;

/** So many updates at the most try to set what HaloPSA did not keep. */
export const repairRounds = Math.max(...fields.map((field) => fieldRules[field].repairs.length));

/** The whole plan as HaloPSA is sent it on create. */
export function agentFields(plan: Plan): AgentFields {
  return merged(fields.map((field) => fieldRules[field].create(plan)));
}

export function merged(parts: readonly AgentFields[]): AgentFields {
  return parts.reduce<AgentFields>((all, part) => ({ ...all, ...part }), {});
}

/** What the update of this round (from 0) sends for each of `missing`; fields without another way are left out. */
export function repairsOf(plan: Plan, missing: readonly Field[], round: number): AgentFields[] {
  return missing.flatMap((field) => fieldRules[field].repairs[round]?.(plan) ?? []);
}

/** Field by field: what was planned, and what HaloPSA reports. */
export function compareWithPlan(plan: Plan, agent: AgentDetails): ReadBack[] {
  return fields.map((field) => {
    const rule = fieldRules[field];
    const reported = rule.reported(agent);
    const outcome = rule.same(plan, agent) ? 'set' : reported === undefined ? 'not_reported' : 'different';
    return { field, planned: rule.planned(plan), reported, outcome };
  });
}

/** The fields that HaloPSA reports otherwise than planned. Of those that it does not report nothing is known. */
export function deviations(readBack: readonly ReadBack[]): Field[] {
  return readBack.filter(({ outcome }) => outcome === 'different').map(({ field }) => field);
}
