import type { Agent } from '../halo/agents.ts';
import { foldText } from './fold.ts';

/** The same name or address as people see it: HaloPSA takes both, people would mix them up. */
export function sameText(a: string | undefined, b: string): boolean {
  return a !== undefined && foldText(a) === foldText(b);
}

/** `Neo Agent (ID 12, disabled)` */
export function describeAgent(agent: Agent): string {
  const kinds = [agent.isdisabled && 'disabled', agent.isapiagent && 'API-only'].filter(Boolean);
  return `${agent.name} (ID ${[agent.id, ...kinds].join(', ')})`;
}
