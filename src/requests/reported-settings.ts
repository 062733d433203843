import { fields } from '../fields/index.ts';
import type { AgentDetails } from '../halo/agents.ts';
import type { DirectorySnapshot } from '../halo/directory.ts';

/**
 * An agent's settings as HaloPSA reports them, in the form of a plan, by field id. Left out are its name and address, and
 * whatever HaloPSA doesn't report or no longer offers.
 */
export function reportedSettings(
  agent: AgentDetails,
  lists: DirectorySnapshot,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    fields.flatMap(({ id, input, entered }) => {
      const values = entered?.(agent);
      const taken = values && input?.take(values, lists);
      return taken !== undefined && 'planned' in taken ? [[id, taken.planned]] : [];
    }),
  );
}
