import type { AgentDetails, AgentFields } from '../halo/agents.ts';
import { isTimeZone } from '../halo/time-zones.ts';
import { teamNames, type Membership } from './memberships.ts';
import type { Plan } from './plan.ts';
import type { ReadBack } from './request.ts';

export type Field = ReadBack['field'];

type FieldRule = {
  /** What HaloPSA is sent on create. */
  create: (plan: Plan) => AgentFields;
  /**
   * What is sent by updates, one after the other, while HaloPSA reports another value. Its specification names
   * several properties for a thing and does not say which of them a build honours, or when.
   */
  repairs: readonly ((plan: Plan) => AgentFields)[];
  /** As a person reads it. */
  planned: (plan: Plan) => string;
  /** As HaloPSA reports it, for a person. Undefined: it reports nothing. */
  reported: (agent: AgentDetails) => string | undefined;
  same: (plan: Plan, agent: AgentDetails) => boolean;
};

const name = (plan: Plan) => ({ name: plan.name });
const email = (plan: Plan) => ({ email: plan.email });
const isActive = (plan: Plan) => ({ isdisabled: !plan.isActive });
const isApiOnly = () => ({ isapiagent: false });
const roles = (plan: Plan) => plan.roles.map(({ id }) => ({ id }));
const teams = (plan: Plan) =>
  plan.teams.map(({ id, name, departmentId }) => ({
    team_id: id,
    team_name: name,
    department_id: departmentId,
  }));
const defaultTeam = (plan: Plan) => ({ team: defaultTeamOf(plan) });
const workday = (plan: Plan) => ({ workday_id: plan.workday.id });

/** Every field of the plan: how it is sent, repaired, shown, and judged. HaloPSA drops fields without an error. */
export const fieldRules: Record<Field, FieldRule> = {
  name: {
    create: name,
    repairs: [name],
    planned: (plan) => plan.name,
    reported: (agent) => agent.name,
    same: (plan, agent) => agent.name === plan.name,
  },
  email: {
    create: email,
    repairs: [email],
    planned: (plan) => plan.email,
    reported: (agent) => agent.email,
    same: (plan, agent) => agent.email?.toLowerCase() === plan.email.toLowerCase(),
  },
  roles: {
    create: (plan) => ({ roles: roles(plan) }),
    repairs: [(plan) => ({ roles: roles(plan) }), (plan) => ({ add_roles: roles(plan) })],
    planned: (plan) => list(plan.roles.map(({ name }) => name)),
    reported: (agent) => agent.roles && list(agent.roles.map(({ name, id }) => name ?? id ?? '')),
    same: (plan, agent) =>
      sameSet(
        plan.roles.map(({ id }) => id.toLowerCase()),
        agent.roles?.map(({ id }) => id?.toLowerCase()),
      ),
  },
  isActive: {
    create: isActive,
    repairs: [isActive],
    planned: (plan) => yesNo(plan.isActive),
    reported: (agent) => (agent.isdisabled === undefined ? undefined : yesNo(!agent.isdisabled)),
    same: (plan, agent) => agent.isdisabled === !plan.isActive,
  },
  isApiOnly: {
    create: isApiOnly,
    repairs: [isApiOnly],
    planned: () => yesNo(false),
    reported: (agent) => (agent.isapiagent === undefined ? undefined : yesNo(agent.isapiagent)),
    same: (_plan, agent) => agent.isapiagent === false,
  },
  teams: {
    create: (plan) => ({ teams: teams(plan) }),
    repairs: [
      (plan) => ({ teams: teams(plan), ...defaultTeam(plan) }),
      (plan) => ({ add_teams: teams(plan) }),
    ],
    planned: (plan) => list(plan.teams.map(({ name }) => name)),
    reported: (agent) => agent.teams && list(teamNames(agent.teams, agent.roles)),
    // What comes with a planned role was approved with it, and a planned team may come so.
    same: (plan, agent) =>
      sameSet(
        plan.teams.map(({ id }) => id),
        agent.teams
          ?.filter((team) => !comesWithPlan(plan, team) || isPlanned(plan, team))
          .map((team) => team.team_id),
      ),
  },
  defaultTeam: {
    create: defaultTeam,
    repairs: [defaultTeam, defaultTeam],
    planned: (plan) => defaultTeamOf(plan),
    reported: (agent) => agent.team,
    same: (plan, agent) => agent.team === defaultTeamOf(plan),
  },
  workday: {
    create: workday,
    repairs: [workday],
    planned: (plan) => plan.workday.name,
    reported: (agent) =>
      agent.workday_id === undefined ? undefined : (agent.workday_name ?? `workday ${agent.workday_id}`),
    same: (plan, agent) => agent.workday_id === plan.workday.id,
  },
  timeZone: {
    create: (plan) => ({ timezone: plan.timeZone.haloName ?? plan.timeZone.windowsId }),
    repairs: [
      (plan) => ({ timezone: plan.timeZone.windowsId }),
      (plan) => ({ timezone: plan.timeZone.iana }),
    ],
    planned: (plan) => plan.timeZone.haloName ?? plan.timeZone.windowsId,
    reported: (agent) => agent.timezone,
    same: (plan, agent) => isTimeZone(agent.timezone, plan.timeZone.windowsId),
  },
};

function isPlanned({ teams }: Plan, { team_id: id }: Membership): boolean {
  return teams.some((team) => team.id === id);
}

function comesWithPlan({ roles }: Plan, { throughRole }: Membership): boolean {
  return roles.some(({ id }) => id.toLowerCase() === throughRole?.id.toLowerCase());
}

function defaultTeamOf(plan: Plan): string {
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
