import { fields } from '../../fields/index.ts';
import type { Choices } from '../../halo/choices.ts';
import { planSchema, type Plan } from '../../requests/plan.ts';

/**
 * A disabled agent, which takes no licence. Undefined: HaloPSA has nothing to choose for one of the fields.
 * @param mark makes name and address its own
 */
export function probePlan(choices: Choices, at: Date, mark: string): Plan | undefined {
  const kept = fields.flatMap(({ id, probe }) =>
    probe === undefined ? [] : [[id, probe(choices, mark, at)] as const],
  );
  const planned = planSchema.safeParse(Object.fromEntries(kept));
  return planned.data;
}
