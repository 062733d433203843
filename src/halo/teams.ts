import { z } from 'zod';
import type { HaloClient } from './client.ts';
import { readList, type Listed } from './lists.ts';
import { flag, integer, optional, optionalText, text } from './shapes.ts';

const teamSchema = z.object({
  id: integer,
  name: text,
  department_id: optional(integer),
  department_name: optionalText,
  inactive: optional(flag),
});

export type Team = z.infer<typeof teamSchema>;

/** The active teams with their departments. May be repeated. @throws {HaloError} */
export async function listTeams(http: HaloClient): Promise<Listed<Team>> {
  const { rows, isWhole } = await readList(http, { path: '/api/Team', name: 'teams' }, teamSchema);
  return { rows: rows.filter((team) => team.inactive !== true), isWhole };
}
