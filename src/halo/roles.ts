import { z } from 'zod';
import type { HaloClient } from './client.ts';
import { listOf } from './shapes.ts';

const roleSchema = z.object({
  /** A GUID; `id_int` is something else. */
  id: z.string(),
  name: z.string(),
});

export type Role = z.infer<typeof roleSchema>;

/** May be repeated. @throws {HaloError} */
export function listRoles(http: HaloClient): Promise<Role[]> {
  return http.get('/api/Roles', {}, listOf(roleSchema));
}

/** By its name: HaloPSA's list says nothing of what a role may do. */
export function isAdministratorRole(role: Role): boolean {
  return /\badmin/i.test(role.name);
}
