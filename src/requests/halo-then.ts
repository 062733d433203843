import { fields } from '../fields/index.ts';
import type { DirectorySnapshot } from '../halo/directory.ts';
import { licencesFree } from '../halo/instance-info.ts';
import type { Plan } from './plan.ts';
import type { Request } from './request.ts';

/** What HaloPSA said when the request was submitted. What it did not say is left out. */
export function haloAtSubmit(lists: DirectorySnapshot, plan: Plan): Request['haloThen'] {
  const { instance, agents } = lists;
  const { app_version: version, licensed_agent_count: all } = instance.value;
  const free = licencesFree(instance.value);
  const noticed = fields.flatMap(({ noticed }) =>
    noticed === undefined ? [] : [[noticed.key, noticed.look(plan, lists)] as const],
  );
  return {
    version,
    ...Object.fromEntries(noticed),
    agentsKnown: agentsKnown(agents),
    licences: free === undefined || all === undefined ? undefined : { free: Math.max(0, free), all },
  };
}

function agentsKnown({ value, isWhole, fetchedAt, failure }: DirectorySnapshot['agents']) {
  if (fetchedAt === undefined || failure !== undefined) return 'nothing';
  if (!isWhole) return 'part';
  return value.some(({ email }) => email === undefined) ? 'names' : 'names_and_emails';
}
