import { atOnce } from '../halo/at-once.ts';
import { HaloError, isPassing } from '../halo/errors.ts';
import type { Brought, Role } from '../halo/roles.ts';
import type { HaloNow } from './field.ts';
import { isAdministrator, type PlannedRole } from './role-rights.ts';

const readsAtOnce = 4;

/**
 * A role that is an administrator's now and was none when it was approved, or that brings teams or departments now that
 * it did not, stops the request, and so does one whose rights were read then and cannot be read now. What nobody could
 * read then was approved so. @throws {HaloError} one that passes by itself
 */
export async function recheckRoles(
  planned: readonly PlannedRole[],
  halo: HaloNow,
): Promise<{ cause: 'role_grown' | 'role_unreadable'; found: string } | undefined> {
  const judged = planned.filter((role) => !role.isAdministrator);
  const roles = await atOnce(readsAtOnce, judged, async (before) => ({
    before,
    now: await roleNow(halo, before),
  }));
  const unreadable = roles
    .filter(({ before, now }) => before.rights === 'read' && now.rights === 'unknown')
    .map(({ before }) => before.name);
  const grown = roles.flatMap(({ before, now }) => [
    ...(isAdministrator(now) ? [`${before.name} (full rights)`] : []),
    ...broughtSince(before, now).map(({ kind, name }) => `${before.name} (${kind} ${name})`),
  ]);
  if (unreadable.length + grown.length === 0) return undefined;
  for (const { id } of judged) halo.roles.forget(id);
  return unreadable.length > 0
    ? { cause: 'role_unreadable', found: unreadable.join(', ') }
    : { cause: 'role_grown', found: grown.join(', ') };
}

/** What comes with the role now and did not when it was approved, where HaloPSA said both times. */
function broughtSince({ brings: before }: PlannedRole, { brings: now = [] }: Role): readonly Brought[] {
  if (before === undefined) return [];
  return now.filter(({ kind, id }) => !before.some((one) => one.kind === kind && one.id === id));
}

/** @throws {HaloError} one that passes by itself, of a role whose rights were read when it was approved */
async function roleNow({ halo, lists, roles }: HaloNow, { id, name, rights }: PlannedRole): Promise<Role> {
  const listed = lists.roles.value.find((one) => one.id === id);
  const known = { id, name: listed?.name ?? name };
  try {
    const role = await roles.read(halo, id);
    return { ...known, name: role.name ?? known.name, rights: role.rights, brings: role.brings };
  } catch (error) {
    if (!(error instanceof HaloError)) throw error;
    if (rights === 'read' && isPassing(error.kind)) throw error;
    return { ...known, rights: 'unknown', brings: undefined };
  }
}
