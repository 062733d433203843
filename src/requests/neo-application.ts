import type { Application } from '../halo/applications.ts';
import type { Listed } from '../halo/lists.ts';

/** What Neo's set-up guide allows its API application, and nothing else. */
const neoScopes = ['all:standard', 'all:teams', 'admin:webhooks'] as const;

/** One application beside the guide. Undefined: HaloPSA doesn’t say. */
export type ApplicationVerdict = {
  name: string | undefined;
  isActive: boolean | undefined;
  /** Signs in by Client ID and Secret (Services). */
  isByClientSecret: boolean | undefined;
  scopes: { missing: string[]; tooMany: string[] } | undefined;
};

export type NeoApplication = {
  /** The application that this app signs in with logs in as the agent. It needs rights that Neo’s must not have. */
  isOwnLogin: boolean;
} & (
  | { found: 'none' }
  /** None is known to log in as the agent; of this many HaloPSA doesn’t say as whom they do, and it may not list all. */
  | { found: 'unknown'; unsaid: number }
  /** The one that is nearest to the guide, and how many others log in as the agent. */
  | { found: 'some'; best: ApplicationVerdict; others: number }
);

/**
 * Is there an API application for Neo, that logs in as this agent? The one that this app signs in with is none.
 */
export function checkNeoApplication(
  { rows, isWhole }: Listed<Application>,
  { agentId, ownClientId }: { agentId: number; ownClientId: string },
): NeoApplication {
  const isOwn = ({ clientId }: Application) => clientId?.toLowerCase() === ownClientId.toLowerCase();
  const isOwnLogin = rows.some((one) => isOwn(one) && one.loginas_agent_id === agentId);
  const applications = rows.filter((one) => !isOwn(one));
  const verdicts = applications
    .filter((application) => application.loginas_agent_id === agentId)
    .map(judge)
    .sort((a, b) => faults(a) - faults(b));
  const [best, ...others] = verdicts;
  if (best !== undefined) return { isOwnLogin, found: 'some', best, others: others.length };
  const unsaid = applications.filter((application) => application.loginas_agent_id === undefined).length;
  return unsaid === 0 && isWhole ? { isOwnLogin, found: 'none' } : { isOwnLogin, found: 'unknown', unsaid };
}

function judge({ displayName, inactive, grant_type: method, scopes }: Application): ApplicationVerdict {
  return {
    name: displayName,
    isActive: inactive === undefined ? undefined : !inactive,
    isByClientSecret: method === undefined ? undefined : method === 'client_credentials',
    scopes: scopes && judgeScopes(scopes.map(({ name }) => name)),
  };
}

/** Undefined: at least one has no name, so nothing can be said of them all. */
function judgeScopes(names: readonly (string | undefined)[]): ApplicationVerdict['scopes'] {
  const allowed = names.filter((name) => name !== undefined);
  if (allowed.length < names.length) return undefined;
  return {
    missing: neoScopes.filter((scope) => !allowed.includes(scope)),
    tooMany: allowed.filter((name) => !neoScopes.some((scope) => scope === name)),
  };
}

/** An inactive one is further from the guide than one of which HaloPSA says nothing. */
function faults({ isActive, isByClientSecret, scopes }: ApplicationVerdict): number {
  const flags = [isActive, isByClientSecret].map((flag) => (flag === undefined ? 1 : flag ? 0 : 10));
  const scopeFaults = scopes === undefined ? 1 : scopes.missing.length + scopes.tooMany.length;
  return flags.reduce((sum, flag) => sum + flag, scopeFaults);
}
