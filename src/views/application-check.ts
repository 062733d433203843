import type { HaloError } from '../halo/errors.ts';
import type { ApplicationVerdict, NeoApplication } from '../requests/neo-application.ts';
import { explainHalo } from './halo-errors.ts';
import type { Row } from './text.ts';

const where = 'Configuration → Integrations → HaloPSA API → View Applications';

/** What could be said of the API application; of a list that HaloPSA did not give, why. */
export type ApplicationCheck = NeoApplication | { found: 'failed'; error: HaloError; reference: string };

/** Step 2 of Neo's set-up, checked: an introduction in mrkdwn, and rows where there is something to compare. */
export function applicationRows(check: ApplicationCheck): { lead: string; rows: Row[] } {
  const isOwn = check.found !== 'failed' && check.isOwnLogin;
  return {
    lead: isOwn ? `${ownLogin} ${leadOf(check)}` : leadOf(check),
    rows: check.found === 'some' ? verdictRows(check.best) : [],
  };
}

/** It has rights that Neo's must not have, so comparing it would advise to take away what this app needs. */
const ownLogin = 'This app itself signs in to HaloPSA as this agent.';

function leadOf(check: ApplicationCheck): string {
  switch (check.found) {
    case 'failed':
      return `I couldn’t check the API application: ${explainHalo(check.error).what}. Look in HaloPSA at ${where}. Reference: \`${check.reference}\``;
    case 'none':
      return `*Next step: the API application.* ${check.isOwnLogin ? 'No other one' : 'None'} logs in as this agent yet. In HaloPSA open ${where} → New.`;
    case 'unknown':
      return `I couldn’t check the API application: ${unknownText(check.unsaid)}. Look in HaloPSA at ${where}.`;
    case 'some':
      return someLead(check);
  }
}

function unknownText(unsaid: number): string {
  if (unsaid === 0) return 'none logs in as this agent, but HaloPSA may not list all of them';
  return `of ${unsaid === 1 ? 'one application' : `${unsaid} applications`} HaloPSA doesn’t say as which agent it logs in`;
}

function someLead({ best, others }: Extract<NeoApplication, { found: 'some' }>): string {
  const more = others === 0 ? '' : ` ${others} more log in as it; this one is closest to Neo’s guide.`;
  const { isActive, isByClientSecret, scopes } = best;
  const isGood = isActive === true && isByClientSecret === true && scopesText(scopes) === allAllowed;
  return isGood
    ? `✓ Its API application is ready for Neo too.${more}`
    : `*Its API application needs attention.* Fix what isn’t ticked in HaloPSA under ${where}.${more}`;
}

function verdictRows({ name, isActive, isByClientSecret, scopes }: ApplicationVerdict): Row[] {
  return [
    { label: 'API application', value: name ?? unsaid },
    {
      label: 'Application active',
      value: told(isActive, '✓ Yes', 'No (not as Neo’s guide says)'),
    },
    {
      label: 'Authentication method',
      value: told(
        isByClientSecret,
        '✓ Client ID and Secret (Services)',
        'not Client ID and Secret (Services), as Neo’s guide says',
      ),
    },
    { label: 'Scopes', value: scopesText(scopes) },
  ];
}

const unsaid = 'HaloPSA doesn’t say';
const allAllowed = '✓ all:standard, all:teams, admin:webhooks';

function told(flag: boolean | undefined, yes: string, no: string): string {
  if (flag === undefined) return unsaid;
  return flag ? yes : no;
}

function scopesText(scopes: ApplicationVerdict['scopes']): string {
  if (scopes === undefined) return unsaid;
  const { missing, tooMany } = scopes;
  const faults = [
    missing.length === 0 ? '' : `missing: ${missing.join(', ')}`,
    tooMany.length === 0 ? '' : `too many: ${tooMany.join(', ')}`,
  ].filter((fault) => fault !== '');
  return faults.length === 0 ? allAllowed : `${faults.join('; ')} (not as Neo’s guide says)`;
}
