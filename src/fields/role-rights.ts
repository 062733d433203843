import { z } from 'zod';
import type { Role } from '../halo/roles.ts';
import { shapeOf } from '../text/shape.ts';

/** A role as the plan keeps it: its name and what it gives stand beside its id, because an approver judges them. */
export const roleSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  isAdministrator: z.boolean(),
  /** Whether HaloPSA said what the role allows. Undefined: asked before anybody looked. */
  rights: z.enum(['read', 'unknown']).optional(),
  /** The teams and departments that come with the role. Undefined: HaloPSA did not say. */
  brings: z
    .array(z.strictObject({ kind: z.enum(['team', 'department']), id: z.int(), name: z.string() }))
    .optional(),
});
export type PlannedRole = z.infer<typeof roleSchema>;

/** How roles of administrators begin to be called, in the languages of HaloPSA's customers. */
const words = [
  'admin',
  'amministrat',
  'админ',
  'адмін',
  'διαχειριστ',
  'superuser',
  'super user',
  'full access',
  'full rights',
  'järjestelmänvalvoj',
  'rendszergazda',
  'yönetici',
  '管理员',
  '管理員',
  '管理者',
  '관리자',
  'مدير النظام',
].map(lettersOf);

/** Does the name speak of an administrator, in whichever letters? */
export function saysAdministrator(name: string): boolean {
  const letters = lettersOf(name);
  return words.some((word) => letters.includes(word));
}

function lettersOf(text: string): string {
  return shapeOf(text).replace(/[\p{P}\p{S}]/gu, '');
}

/** By what HaloPSA says that the role allows; where it does not say, by its name. */
export function isAdministrator({ name, rights }: Pick<Role, 'name' | 'rights'>): boolean {
  if (rights === 'administrator') return true;
  return rights !== 'not_administrator' && saysAdministrator(name);
}

/** The role as an approver judges it. */
export function plannedRole(role: Role): PlannedRole {
  return {
    id: role.id,
    name: role.name,
    isAdministrator: isAdministrator(role),
    rights: role.rights === 'unknown' ? 'unknown' : 'read',
    brings: role.brings && [...role.brings],
  };
}
