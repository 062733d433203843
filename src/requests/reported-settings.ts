import { fields } from '../fields/index.ts';
import type { AgentDetails } from '../halo/agents.ts';
import type { DirectorySnapshot } from '../halo/directory.ts';

/**
 * What HaloPSA reports of an agent, as a plan holds it, by the id of the field. Left out: its name and address, which are
 * its own, and what HaloPSA doesn't report or no longer offers.
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
