import { z } from 'zod';
import type { HaloClient } from './client.ts';
import { readList, type Listed } from './lists.ts';
import { readerOf } from './lenient.ts';
import { integer, optional, optionalText, text } from './shapes.ts';

const path = '/api/Roles';

const roleSchema = z.object({
  /** A GUID; `id_int` is something else. */
  id: text,
  name: text,
});

/** A row of the list, which says nothing of what a role allows. */
export type ListedRole = z.infer<typeof roleSchema>;

/**
 * What HaloPSA says of a role's rights. `unsaid`: it lists what the role allows, and nothing of that is about
 * administrators. `unknown`: it could not be read, or lists nothing at all.
 */
type RoleRights = 'administrator' | 'not_administrator' | 'unsaid' | 'unknown';
/** A team or department that whoever has the role is put into. */
export type Brought = { kind: 'team' | 'department'; id: number; name: string };
/** `brings`: undefined while HaloPSA has not said. */
export type Role = ListedRole & { rights: RoleRights; brings: readonly Brought[] | undefined };

/** May be repeated. @throws {HaloError} */
export function listRoles(http: HaloClient): Promise<Listed<ListedRole>> {
  return readList(http, { path, name: 'roles' }, roleSchema);
}

export type RoleDetails = Pick<Role, 'id' | 'rights' | 'brings'> & { name: string | undefined };

/** What it is called is needed for nothing here. */
const roleDetailsSchema = z.object({
  id: text,
  name: optionalText,
  claims: optional(z.array(z.unknown())),
  teams: optional(z.array(z.object({ team_id: integer, team_name: optionalText }))),
  departments: optional(z.array(z.object({ department_id: integer, department_name: optionalText }))),
});

/** One role with its rights as HaloPSA holds them now. May be repeated. @throws {HaloError} `not_found` for an unknown id */
export async function getRole(http: HaloClient, id: string): Promise<RoleDetails> {
  const details = { includedetails: true };
  const {
    claims = [],
    teams = [],
    departments = [],
    ...role
  } = await http.get(
    `${path}/${encodeURIComponent(id)}`,
    details,
    readerOf(
      roleDetailsSchema.refine((role) => role.id.toLowerCase() === id.toLowerCase(), {
        error: 'the ID that was asked for',
        path: ['id'],
      }),
    ),
  );
  const brings = [
    ...teams.map(({ team_id: id, team_name: name = `team ${id}` }) => ({ kind: 'team' as const, id, name })),
    ...departments.map(({ department_id: id, department_name: name = `department ${id}` }) => ({
      kind: 'department' as const,
      id,
      name,
    })),
  ];
  return { id: role.id, name: role.name, rights: rightsIn(claims), brings };
}

const word = z
  .union([z.string(), z.number(), z.boolean()])
  .transform((value) => String(value).normalize('NFKC').trim().toLowerCase());
const claimSchema = z.object({ type: word, value: word });

/**
 * HaloPSA's specification names a claim's `type` and `value` and no values of them. Reports that administrators publish
 * (SQL on its table NHD_RoleClaims) call the type `SA` with `true` "Is a Halo Administrator". A type or value that speaks
 * of administrators counts too.
 */
function rightsIn(claims: readonly unknown[]): RoleRights {
  const read = claims.flatMap((claim) => claimSchema.safeParse(claim).data ?? []);
  if (read.length === 0) return 'unknown';
  const said = read.flatMap(({ type, value }) => {
    if (type === 'sa' || type.includes('admin')) return !['false', '0', 'no', ''].includes(value);
    return /^(role|.*[/_. ]role)s?$/.test(type) && value.includes('admin') ? true : [];
  });
  if (said.length === 0) return 'unsaid';
  return said.includes(true) ? 'administrator' : 'not_administrator';
}
