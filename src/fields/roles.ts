import { z } from 'zod';
import { cut, maxNamed } from '../text/cut.ts';
import { matching, takeChosen } from './entered.ts';
import { defineField, type Choice } from './field.ts';
import { plannedRole, roleSchema, saysAdministrator, type PlannedRole } from './role-rights.ts';
import { recheckRoles } from './role-recheck.ts';
import { listed, missing, sameSet } from './shown.ts';

export const roles = defineField({
  id: 'roles',
  section: 'Account details',
  label: 'Roles',
  hint: 'For example 1st Line Support or Administrator.',
  input: {
    kind: 'multi_select',
    block: 'roles',
    action: 'search_roles',
    placeholder: 'Choose roles',
    list: 'roles',
    offers: ({ roles }, query) => matching(roles.value, query, ({ name }) => [name]).map(choice),
    take: (entered, lists) => takeChosen(entered, lists.roles.value, (chosen) => chosen.map(plannedRole)),
    chosen: (planned) => planned.map(choice),
  },
  plan: z.array(roleSchema).min(1),
  probe: ({ roles }) => {
    const role = roles.find(({ name }) => !saysAdministrator(name)) ?? roles[0];
    return role && [{ ...role, isAdministrator: saysAdministrator(role.name) }];
  },
  send: (planned) => ({ roles: idsOf(planned) }),
  repairs: [(planned) => ({ roles: idsOf(planned) }), (planned) => ({ add_roles: idsOf(planned) })],
  text: (planned) => listed(planned.map(({ name }) => name)),
  row: (planned) => planned.map(rowOf).join(', '),
  reported: ({ roles }) => roles && listed(roles.map(({ name, id }) => name ?? id ?? '')),
  entered: ({ roles }) => {
    const ids = roles?.map(({ id }) => id);
    return ids?.every((id) => id !== undefined) ? ids : undefined;
  },
  same: (planned, agent) =>
    sameSet(
      planned.map(({ id }) => id.toLowerCase()),
      agent.roles?.map(({ id }) => id?.toLowerCase()),
    ),
  grants: (planned) => planned.map(({ id }) => id.toLowerCase()),
  byHand: (shown) => `under *Roles* choose ${shown} and no others`,
  warnings: (planned) => {
    const administrators = planned.filter(({ isAdministrator }) => isAdministrator);
    if (administrators.length === 0) return [];
    const names = cut(administrators.map(({ name }) => name).join(', '), maxNamed);
    return [
      administrators.length === 1
        ? `The role ${names} gives this agent full rights in HaloPSA.`
        : `The roles ${names} each give this agent full rights in HaloPSA.`,
    ];
  },
  lengthHint: 'The teams that come with a role count too.',
  gone: { list: 'roles', find: (planned, lists) => missing('role', planned, lists.roles) },
  refresh: (planned, { roles }) =>
    planned.map((one) => {
      const role = roles.value.find(({ id }) => id.toLowerCase() === one.id.toLowerCase());
      return role === undefined ? one : { ...plannedRole(role), id: one.id, name: one.name };
    }),
  recheck: recheckRoles,
  stops: [
    {
      cause: 'role_grown',
      what: 'A role has more rights in HaloPSA now than when this was approved',
      next: (again) =>
        `Start over with ${again}, so that the approvers see it. Or change the role in HaloPSA and try again.`,
    },
    {
      cause: 'role_unreadable',
      what: 'I can no longer read what a role allows',
      next: (again) =>
        `Check in HaloPSA that this app’s agent may read roles, then try again. Or start over with ${again}: the card then says that the rights are unknown.`,
    },
  ],
});

function choice({ id, name }: { id: string; name: string }): Choice {
  return { value: id, text: name };
}

function idsOf(planned: readonly PlannedRole[]): { id: string }[] {
  return planned.map(({ id }) => ({ id }));
}

/** Each team and department that comes with the role is named, because it is approved with it. */
function rowOf({ name, rights, brings = [] }: PlannedRole): string {
  const facts = [
    ...(rights === 'unknown' ? ['rights unknown'] : []),
    ...(brings.length === 0 ? [] : [`brings ${broughtText(brings)}`]),
  ];
  return facts.length === 0 ? name : `${name} (${facts.join('; ')})`;
}

function broughtText(brings: NonNullable<PlannedRole['brings']>): string {
  return (['team', 'department'] as const)
    .map((kind) => ({ kind, names: brings.filter((one) => one.kind === kind).map(({ name }) => name) }))
    .filter(({ names }) => names.length > 0)
    .map(({ kind, names }) => `${names.length === 1 ? kind : `${kind}s`} ${names.join(', ')}`)
    .join(' and ');
}
