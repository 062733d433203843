import { z } from 'zod';
import type { HaloClient } from './client.ts';
import { readList, type Listed } from './lists.ts';
import { optional } from './shapes.ts';

const teamSchema = z.object({
  id: z.int(),
  name: z.string(),
  department_id: optional(z.int()),
  department_name: optional(z.string()),
  inactive: optional(z.boolean()),
});

export type Team = z.infer<typeof teamSchema>;

/** The active teams with their departments. May be repeated. @throws {HaloError} */
export async function listTeams(http: HaloClient): Promise<Listed<Team>> {
  const { rows, isWhole } = await readList(http, '/api/Team', {}, teamSchema);
  return { rows: rows.filter((team) => team.inactive !== true), isWhole };
}
