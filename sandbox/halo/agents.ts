import { createHmac } from 'node:crypto';
import type { StoredTeam } from './seed.ts';

/** An agent as HaloPSA holds it. */
export type StoredAgent = {
  id: number;
  name: string;
  email: string;
  isdisabled: boolean;
  isapiagent: boolean;
  /** The default team, by name. */
  team: string;
  teams: StoredTeam[];
  roles: { id: string; name: string }[];
  workday_id: number;
  timezone: string;
  /** Salted; never the password itself. Undefined: none was set. */
  passwordHash: string | undefined;
  passwordLength: number;
};

/** An agent of whom nothing is known but the id. Working hours 1 are the database's default. */
export function blankAgent(id: number): StoredAgent {
  return {
    id,
    name: '',
    email: '',
    isdisabled: false,
    isapiagent: false,
    team: '',
    teams: [],
    roles: [],
    workday_id: 1,
    timezone: '',
    passwordHash: undefined,
    passwordLength: 0,
  };
}

/** Salted with the agent, so that two agents with one password do not show it. */
export function passwordHash(agentId: number, text: string): string {
  return createHmac('sha256', `agent ${agentId}`).update(text).digest('hex');
}

/** Agent 1 is "Unassigned"; disabled and API-only agents need no licence. */
export function takesLicence(agent: StoredAgent): boolean {
  return agent.id !== 1 && !agent.isdisabled && !agent.isapiagent;
}
