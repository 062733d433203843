import type { AgentDetails, AgentFields } from '../halo/agents.ts';
import type { Plan } from './plan.ts';
import { readBackSchema, type ReadBack } from './request.ts';

type Field = ReadBack['field'];

type FieldRule = {
  /** What HaloPSA is sent. */
  wire: (plan: Plan) => AgentFields;
  /** As a person reads it. */
  planned: (plan: Plan) => string;
  /** As HaloPSA reports it, for a person. Undefined: it reports nothing. */
  reported: (agent: AgentDetails) => string | undefined;
  same: (plan: Plan, agent: AgentDetails) => boolean;
};

/** Every field of the plan: how it is sent, shown, and judged. HaloPSA drops fields without an error. */
const fieldRules: Record<Field, FieldRule> = {
  name: {
    wire: (plan) => ({ name: plan.name }),
    planned: (plan) => plan.name,
    reported: (agent) => agent.name,
    same: (plan, agent) => agent.name === plan.name,
  },
  email: {
    wire: (plan) => ({ email: plan.email }),
    planned: (plan) => plan.email,
    reported: (agent) => agent.email,
    same: (plan, agent) => agent.email?.toLowerCase() === plan.email.toLowerCase(),
  },
  roles: {
    wire: (plan) => ({ roles: plan.roles.map(({ id }) => ({ id })) }),
    planned: (plan) => list(plan.roles.map(({ name }) => name)),
    reported: (agent) => agent.roles && list(agent.roles.map(({ name, id }) => name ?? id)),
    same: (plan, agent) =>
      sameSet(
        plan.roles.map(({ id }) => id.toLowerCase()),
        agent.roles?.map(({ id }) => id.toLowerCase()),
      ),
  },
  isActive: {
    wire: (plan) => ({ isdisabled: !plan.isActive }),
    planned: (plan) => yesNo(plan.isActive),
    reported: (agent) => (agent.isdisabled === undefined ? undefined : yesNo(!agent.isdisabled)),
    same: (plan, agent) => agent.isdisabled === !plan.isActive,
  },
  isApiOnly: {
    wire: () => ({ isapiagent: false }),
    planned: () => yesNo(false),
    reported: (agent) => (agent.isapiagent === undefined ? undefined : yesNo(agent.isapiagent)),
    same: (_plan, agent) => agent.isapiagent === false,
  },
  teams: {
    wire: (plan) => ({
      teams: plan.teams.map(({ id, name, departmentId }) => ({
        team_id: id,
        team_name: name,
        department_id: departmentId,
      })),
    }),
    planned: (plan) => list(plan.teams.map(({ name }) => name)),
    reported: (agent) =>
      agent.teams && list(agent.teams.map((team) => team.team_name ?? `team ${team.team_id}`)),
    same: (plan, agent) =>
      sameSet(
        plan.teams.map(({ id }) => id),
        agent.teams?.map((team) => team.team_id),
      ),
  },
  defaultTeam: {
    wire: (plan) => ({ team: defaultTeam(plan) }),
    planned: (plan) => defaultTeam(plan),
    reported: (agent) => agent.team,
    same: (plan, agent) => agent.team === defaultTeam(plan),
  },
  workday: {
    wire: (plan) => ({ workday_id: plan.workday.id }),
    planned: (plan) => plan.workday.name,
    reported: (agent) =>
      agent.workday_id === undefined ? undefined : (agent.workday_name ?? `workday ${agent.workday_id}`),
    same: (plan, agent) => agent.workday_id === plan.workday.id,
  },
  timeZone: {
    wire: (plan) => ({ timezone: plan.timeZone.windowsId }),
    planned: (plan) => plan.timeZone.windowsId,
    reported: (agent) => agent.timezone,
    same: (plan, agent) => agent.timezone === plan.timeZone.windowsId,
  },
};

const fields = readBackSchema.shape.field.options;

/** The whole plan as HaloPSA is sent it; or only `some` fields of it, for an update. */
export function agentFields(plan: Plan, some: readonly Field[] = fields): AgentFields {
  return some.reduce<AgentFields>((wire, field) => ({ ...wire, ...fieldRules[field].wire(plan) }), {});
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

/** The fields that HaloPSA does not report as planned. */
export function deviations(readBack: readonly ReadBack[]): Field[] {
  return readBack.filter(({ outcome }) => outcome !== 'set').map(({ field }) => field);
}

function defaultTeam(plan: Plan): string {
  return plan.teams[0]?.name ?? '';
}

function list(names: string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

function yesNo(value: boolean): string {
  return value ? 'Yes' : 'No';
}

function sameSet<T>(planned: readonly T[], reported: readonly T[] | undefined): boolean {
  const set = new Set(reported);
  return (
    reported !== undefined && set.size === new Set(planned).size && planned.every((item) => set.has(item))
  );
}
