import type { Role } from '../halo/roles.ts';
import type { Plan } from './plan.ts';
import { shapeOf } from './shape.ts';

type PlannedRole = Plan['roles'][number];

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

/** A plan of before, with what its roles allow now: a repair gives them again. Roles that are gone stay as they were. */
export function withRightsNow(plan: Plan, roles: readonly Role[]): Plan {
  const now = ({ id, name }: PlannedRole) => {
    const role = roles.find((one) => one.id.toLowerCase() === id.toLowerCase());
    return role && { ...plannedRole(role), id, name };
  };
  return { ...plan, roles: plan.roles.map((planned) => now(planned) ?? planned) };
}
