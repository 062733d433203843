import { z } from 'zod';
import type { Fetched } from '../halo/directory.ts';
import type { Agent } from '../halo/agents.ts';
import type { Role } from '../halo/roles.ts';
import type { Team } from '../halo/teams.ts';
import { findTimeZone, namesInUse, type TimeZone } from '../halo/time-zones.ts';
import { describeHours, type Workday } from '../halo/workdays.ts';
import { agentWith, describeAgent, lookalikes, sameText } from './lookalikes.ts';
import type { Plan } from './plan.ts';
import type { Request } from './request.ts';
import { plannedRole } from './role-rights.ts';
import { isOpen } from './states.ts';

/** What somebody entered. Ids are those of HaloPSA, as text. */
export type SetupForm = {
  name: string;
  email: string;
  roles: string[];
  isActive: boolean;
  isApiOnly: boolean;
  teams: string[];
  workday: string | undefined;
  timeZone: string | undefined;
  note: string;
};

export type FormField = Exclude<keyof SetupForm, 'note' | 'isActive'>;

export type FormProblem =
  | { problem: 'missing' | 'too_long' | 'not_an_email' | 'gone' | 'api_only' | 'no_windows_zone' }
  | { problem: 'not_shown_whole'; is: number; max: number }
  | { problem: 'taken_by_agent'; agent: string }
  | { problem: 'taken_by_request'; number: number };

export type Known = {
  agents: Fetched<readonly Agent[]>;
  roles: Fetched<readonly Role[]>;
  teams: Fetched<readonly Team[]>;
  workdays: Fetched<readonly Workday[]>;
  /** Requests that may be about to create the same agent, or just did. */
  requests: readonly Request[];
};

/** HaloPSA's columns for name and email hold this many characters. */
const longestName = 256;

/** A plan, and what its name and address look like though they are others. */
export type Drafted = { plan: Plan; resembles: Request['resembles'] };

/** Turns the form into a plan, or says what is wrong with which field. Asks nobody: `known` is in memory. */
export function draftPlan(
  form: SetupForm,
  known: Known,
): Drafted | { problems: Map<FormField, FormProblem> } {
  const problems = new Map<FormField, FormProblem>();
  const note = (field: FormField, problem: FormProblem | undefined) =>
    problem && problems.set(field, problem);
  note('name', nameProblem(form.name, known));
  note('email', emailProblem(form.email, known));
  if (form.isApiOnly) note('isApiOnly', { problem: 'api_only' });

  const roles = pick(form.roles, known.roles.value);
  const teams = pick(form.teams, known.teams.value);
  const workday = pick(form.workday === undefined ? [] : [form.workday], known.workdays.value);
  const timeZone = form.timeZone === undefined ? undefined : findTimeZone(form.timeZone);
  note('roles', choiceProblem(form.roles, roles));
  note('teams', choiceProblem(form.teams, teams));
  note('workday', choiceProblem(form.workday === undefined ? [] : [form.workday], workday));
  if (timeZone === undefined)
    note('timeZone', { problem: form.timeZone === undefined ? 'missing' : 'no_windows_zone' });

  const [hours] = workday;
  if (problems.size > 0 || hours === undefined || timeZone === undefined) return { problems };
  const alike = lookalikes(form, { agents: known.agents.value, requests: claims(known) });
  return {
    resembles: alike.length === 0 ? undefined : alike,
    plan: {
      name: form.name,
      email: form.email,
      roles: roles.map(plannedRole),
      isActive: form.isActive,
      teams: teams.map((team) => ({
        id: team.id,
        name: team.name,
        departmentId: team.department_id,
        departmentName: team.department_name,
      })),
      workday: { id: hours.id, name: hours.name, hours: describeHours(hours) },
      timeZone: {
        ...timeZone,
        haloName: otherName(timeZone, known.workdays.value),
      },
    },
  };
}

/** Undefined: this tenant is not seen to write the zone otherwise than by its Windows id. */
function otherName({ windowsId }: TimeZone, workdays: readonly Workday[]): string | undefined {
  const name = namesInUse(workdays).get(windowsId);
  return name === windowsId ? undefined : name;
}

function nameProblem(name: string, known: Known): FormProblem | undefined {
  if (name === '') return { problem: 'missing' };
  if (Array.from(name).length > longestName) return { problem: 'too_long' };
  const agent = agentWith(known.agents.value, 'name', name);
  if (agent !== undefined) return { problem: 'taken_by_agent', agent: describeAgent(agent) };
  const request = claims(known).find(({ plan }) => sameText(plan.name, name));
  return request && { problem: 'taken_by_request', number: request.number };
}

function emailProblem(email: string, known: Known): FormProblem | undefined {
  if (email === '') return { problem: 'missing' };
  if (email.length > longestName) return { problem: 'too_long' };
  if (!z.email().safeParse(email).success) return { problem: 'not_an_email' };
  const agent = agentWith(known.agents.value, 'email', email);
  if (agent !== undefined) return { problem: 'taken_by_agent', agent: describeAgent(agent) };
  const request = claims(known).find(({ plan }) => sameText(plan.email, email));
  return request && { problem: 'taken_by_request', number: request.number };
}

/** Open requests, and those whose agent is younger than the list of agents, or stands there under another name. */
function claims({ requests, agents }: Known): Request[] {
  return requests.filter(
    ({ state, updatedAt, agentId }) =>
      isOpen(state) || updatedAt >= (agents.fetchedAt ?? 0) || agents.value.some(({ id }) => id === agentId),
  );
}

function choiceProblem(chosen: readonly string[], found: readonly unknown[]): FormProblem | undefined {
  if (chosen.length === 0) return { problem: 'missing' };
  return found.length < chosen.length ? { problem: 'gone' } : undefined;
}

function pick<T extends { id: number | string }>(ids: readonly string[], items: readonly T[]): T[] {
  return ids.flatMap((id) => items.find((item) => String(item.id) === id) ?? []);
}
