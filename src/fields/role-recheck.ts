import { atOnce } from '../halo/at-once.ts';
import { HaloError, isPassing } from '../halo/errors.ts';
import type { Brought, Role } from '../halo/roles.ts';
import { during, StepFailed, type Job } from './job.ts';
import type { Plan } from './plan.ts';
import type { Failure } from './request.ts';
import { isAdministrator } from './role-rights.ts';

type PlannedRole = Plan['roles'][number];

const readsAtOnce = 4;

/**
 * Right before HaloPSA is sent the roles: one that is an administrator's now and was none when it was approved, or that
 * brings teams or departments now that it did not, ends the run, and so does one whose rights were read then and cannot
 * be read now. What nobody could read then was approved so.
 * @throws {StepFailed} {TryLater}
 */
export async function assertRolesAsApproved(job: Job, step: Failure['step']): Promise<void> {
  const judged = job.request.plan.roles.filter((role) => !role.isAdministrator);
  const read = (planned: PlannedRole) => roleNow(job, planned).then((now) => ({ planned, now }));
  const roles = await during(job, step, () => atOnce(readsAtOnce, judged, read));
  const stopFor = (cause: 'role_unreadable' | 'role_grown', found: string[]) => {
    if (found.length === 0) return;
    for (const { id } of judged) job.deps.roles.forget(id);
    throw new StepFailed(step, cause, found.join(', '));
  };
  stopFor(
    'role_unreadable',
    roles
      .filter(({ planned, now }) => planned.rights === 'read' && now.rights === 'unknown')
      .map(({ planned }) => planned.name),
  );
  stopFor(
    'role_grown',
    roles.flatMap(({ planned, now }) => [
      ...(isAdministrator(now) ? [`${planned.name} (full rights)`] : []),
      ...broughtSince(planned, now).map(({ kind, name }) => `${planned.name} (${kind} ${name})`),
    ]),
  );
}

/** What comes with the role now and did not when it was approved, where HaloPSA said both times. */
function broughtSince({ brings: before }: PlannedRole, { brings: now = [] }: Role): readonly Brought[] {
  if (before === undefined) return [];
  return now.filter(({ kind, id }) => !before.some((one) => one.kind === kind && one.id === id));
}

/** @throws {HaloError} one that passes by itself, of a role whose rights were read when it was approved */
async function roleNow({ deps }: Job, { id, name, rights }: PlannedRole): Promise<Role> {
  const listed = deps.directory.current().roles.value.find((one) => one.id === id);
  const known = { id, name: listed?.name ?? name };
  try {
    const role = await deps.roles.read(deps.halo, id);
    return { ...known, name: role.name ?? known.name, rights: role.rights, brings: role.brings };
  } catch (error) {
    if (!(error instanceof HaloError)) throw error;
    if (rights === 'read' && isPassing(error.kind)) throw error;
    return { ...known, rights: 'unknown', brings: undefined };
  }
}
