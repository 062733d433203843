import { signInAddress, type AuthInfo } from '../../halo/addresses.ts';
import { areAllAgents, listAgents, type Agent } from '../../halo/agents.ts';
import { choiceLists } from '../../halo/choices.ts';
import type { HaloCall, HaloClient, HaloConfig, WatchableHaloClient } from '../../halo/client.ts';
import { getControl, type Control } from '../../halo/control.ts';
import { HaloError, type AddressSource } from '../../halo/errors.ts';
import { getInstanceInfo, licencesFree, type InstanceInfo } from '../../halo/instance-info.ts';
import type { Listed } from '../../halo/lists.ts';
import { explainHalo } from '../../views/halo-errors.ts';
import { notChecked, type Finding } from './finding.ts';
import { versionFinding, type Probes } from './probes.ts';

const signInName = 'HaloPSA sign-in';
const editName = 'HaloPSA right to edit agents';
const oddName = 'HaloPSA answers';

/** A call, and the lines of the table that its answer fills. `isNeeded`: without it no agent can be set up. */
type Read = {
  names: readonly [string, ...string[]];
  isNeeded: boolean;
  read: (http: HaloClient, probes: Probes) => Promise<Finding[]>;
};

/** What the form asks of HaloPSA. */
const reads: readonly Read[] = [
  {
    names: ['HaloPSA version', 'HaloPSA licences'],
    isNeeded: false,
    read: async (http, probes) => instance(await getInstanceInfo(http), probes),
  },
  {
    names: ['HaloPSA agents'],
    isNeeded: true,
    read: async (http) => [agents(await listAgents(http), await countOf(http))],
  },
  ...Object.values(choiceLists).map(({ label, read }): Read => ({
    names: [`HaloPSA ${label}`],
    isNeeded: true,
    read: async (http) => [needed(`HaloPSA ${label}`, await read(http))],
  })),
  {
    names: ['HaloPSA password rules'],
    isNeeded: false,
    read: async (http) => [passwordRules(await getControl(http))],
  },
];

const readNames = reads.flatMap(({ names }) => names);
export const haloNames = [signInName, ...readNames, editName];

/** Signs in and reads what the form needs. Writes nothing, so it cannot tell whether writing is allowed. */
export async function checkHalo(
  client: WatchableHaloClient,
  config: HaloConfig,
  probes: Probes,
): Promise<Finding[]> {
  const odd: HaloCall[] = [];
  const http = client.watchedBy((call) => {
    if (call.leftOutCount > 0) odd.push(call);
  });
  const findings: Finding[] = [];
  for (const { names, isNeeded, read } of reads) {
    const [name, ...others] = names;
    try {
      findings.push(...(await read(http, probes)));
    } catch (error) {
      if (!(error instanceof HaloError)) throw error;
      if (error.isSignIn)
        return [
          explained(signInName, error),
          ...notChecked([...readNames, editName], 'the HaloPSA sign-in failed'),
        ];
      const failed = explained(name, error);
      findings.push(isNeeded ? failed : { ...failed, outcome: 'note' });
      findings.push(...notChecked(others, 'HaloPSA didn’t answer'));
    }
  }
  return [
    await signedIn(client, config),
    ...findings,
    ...(odd.length === 0 ? [] : [oddAnswers(odd)]),
    ...notChecked([editName], 'to check it, run npm run doctor -- --probe'),
  ];
}

const sources: Record<AddressSource, string> = {
  HALO_AUTH_URL: 'the address in HALO_AUTH_URL',
  AuthInfo: 'the address HaloPSA gives',
  HALO_BASE_URL: 'the default address under HALO_BASE_URL',
};

/** Where the token came from, and what HaloPSA says of that. */
async function signedIn(client: WatchableHaloClient, config: HaloConfig): Promise<Finding> {
  const at = client.signedInAt();
  const where = at === undefined ? '' : ` at ${withoutQuery(at.url)}, ${sources[at.from]}`;
  const found = `signed in${where}`;
  if (at === undefined || at.from === 'AuthInfo') return { name: signInName, outcome: 'ok', found };
  const said = await authInfo(client);
  if (said === undefined)
    return { name: signInName, outcome: 'ok', found: `${found}; /api/AuthInfo gives no address` };
  const named = signInAddress({ ...config, authUrl: undefined }, said);
  const isSame = named.from !== 'AuthInfo' || withoutQuery(named.url) === withoutQuery(at.url);
  if (isSame) return { name: signInName, outcome: 'ok', found };
  return {
    name: signInName,
    outcome: 'note',
    found: `${found}, but /api/AuthInfo gives ${withoutQuery(named.url)}`,
  };
}

async function authInfo(client: WatchableHaloClient): Promise<AuthInfo | undefined> {
  try {
    return await client.authInfo();
  } catch (error) {
    if (error instanceof HaloError) return undefined;
    throw error;
  }
}

function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

const maxOddNamed = 5;

/** What of the answers could not be read: HaloPSA is sloppy, or has changed. */
function oddAnswers(calls: readonly HaloCall[]): Finding {
  const count = calls.reduce((sum, { leftOutCount }) => sum + leftOutCount, 0);
  const named = calls.flatMap(({ leftOut }) => leftOut).slice(0, maxOddNamed);
  const more = count > named.length ? `; and ${count - named.length} more` : '';
  return {
    name: oddName,
    outcome: 'note',
    found: `ignored values that couldn’t be read: ${named.join('; ')}${more}`,
    fix: 'You can ignore this unless something is missing in the form. If so, check it in HaloPSA and report these lines.',
  };
}

/** Undefined: HaloPSA doesn’t say. What is only counted never keeps the list from being looked at. */
async function countOf(http: HaloClient): Promise<number | undefined> {
  try {
    return (await getInstanceInfo(http)).agent_count;
  } catch (error) {
    if (error instanceof HaloError) return undefined;
    throw error;
  }
}

function instance(info: InstanceInfo, probes: Probes): Finding[] {
  return [versionFinding(info.app_version, probes), licences(info)];
}

function licences(info: InstanceInfo): Finding {
  const free = licencesFree(info);
  if (free === undefined)
    return { name: 'HaloPSA licences', outcome: 'note', found: 'HaloPSA doesn’t say how many are free' };
  const found = `${Math.max(0, free)} of ${info.licensed_agent_count ?? 0} named licences are free`;
  return free > 0
    ? { name: 'HaloPSA licences', outcome: 'ok', found }
    : {
        name: 'HaloPSA licences',
        outcome: 'note',
        found,
        fix: 'The Neo agent needs one. Free up or buy a named licence first.',
      };
}

function count(name: string, { rows, isWhole }: Listed<unknown>): Finding {
  const found = String(rows.length);
  return isWhole
    ? { name, outcome: 'ok', found }
    : { name, outcome: 'note', found: `${found}, possibly more` };
}

/** While some agents may be hidden from the app, it creates none without asking an approver once more. */
function agents(listed: Listed<Agent>, counted: number | undefined): Finding {
  const isWhole = areAllAgents(listed, counted);
  const finding = count('HaloPSA agents', { rows: listed.rows, isWhole });
  if (finding.outcome !== 'note')
    return counted !== undefined && counted > 0
      ? { ...finding, found: `${finding.found}; HaloPSA counts ${counted}` }
      : finding;
  const { length } = listed.rows;
  const why =
    length <= 1
      ? 'The API application can see only the agent that it logs in as. In HaloPSA, open Configuration → Teams & Agents → Agents and give that agent a default team.'
      : `HaloPSA lists ${length} agents${(counted ?? 0) > length ? ` of ${counted ?? 0}` : ' and doesn’t confirm that the list is complete'}. Check the permissions of the agent that the API application logs in as.`;
  const fix = `${why} Until this is fixed, each request stops before the agent is created, and an approver has to confirm it.`;
  return { ...finding, fix };
}

/** Without one of them nobody can fill in the form. */
function needed(name: string, listed: Listed<unknown>): Finding {
  if (listed.rows.length > 0) return count(name, listed);
  const fix =
    'The form needs at least one. If HaloPSA has some, check the role of the agent that the API application logs in as: it must be able to see them. Otherwise, add one in HaloPSA under Configuration.';
  return { name, outcome: 'failed', found: 'none', fix };
}

function passwordRules({ password_char_length: least, forcestrongpasswords: isStrong }: Control): Finding {
  const length = least === undefined ? 'HaloPSA doesn’t say the length' : `at least ${least} characters`;
  const found = isStrong === true ? `${length}, strong` : length;
  return { name: 'HaloPSA password rules', outcome: 'ok', found };
}

function explained(name: string, error: HaloError): Finding {
  // A list that is not there is an address that is not HaloPSA's.
  const { what, next } = explainHalo(
    error.kind === 'not_found' ? { kind: 'not_halopsa', code: error.code, at: error.at } : error,
  );
  const proof = error.code === undefined || what.includes(error.code) ? '' : ` (${error.code})`;
  const detail = error.detail === undefined ? '' : `: ${error.detail}`;
  const mayBeTenant = error.isSignIn && (error.status ?? 0) >= 500;
  const tenant = mayBeTenant ? ' A wrong HALO_TENANT causes the same error.' : '';
  return { name, outcome: 'failed', found: `${what}${proof}${detail}`, fix: `${next}${tenant}` };
}
