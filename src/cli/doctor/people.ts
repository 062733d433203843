import type { WebClient } from '@slack/web-api';
import type { Config } from '../../config.ts';
import { canBeMet, isEmpty, type PeopleList, type Standing } from '../../requests/policy.ts';
import type { Identity } from '../../slack/connection.ts';
import { adminsByPage } from '../../slack/admins.ts';
import { createGroups, type Groups } from '../../slack/groups.ts';
import { createPeople, type People } from '../../slack/people.ts';
import { whyUnanswered } from '../../slack/unanswered.ts';
import { notChecked, type Finding } from './finding.ts';

const approversName = 'Approvers';
const requestersName = 'Requesters';
const escalationName = 'Escalation';
export const peopleNames = [approversName, requestersName, escalationName];

type Wires = { client: WebClient; identity: Identity; now: () => number };
type Wanted = Pick<Config, 'policy' | 'escalation'>;

/** Who can approve, ask, and be told, by what Slack says of each of them now. */
export async function checkPeople({ policy, escalation }: Wanted, wires: Wires): Promise<Finding[]> {
  const groups = createGroups(wires);
  const people = createPeople({ ...wires, groups, groupsThatLetIn: [], named: [] });
  const look = (list: PeopleList) => lookAt(list, { people, groups });
  try {
    const approvers = isEmpty(policy.approvers) ? await lookAtAdmins(wires) : await look(policy.approvers);
    return [
      approversFinding(policy, approvers, wires.identity.enterpriseId !== undefined),
      isEmpty(policy.requesters)
        ? { name: requestersName, outcome: 'ok', found: 'every full member of the workspace' }
        : listFinding(requestersName, 'NEO_REQUESTERS', await look(policy.requesters)),
      isEmpty(escalation)
        ? { name: escalationName, outcome: 'ok', found: 'nobody is notified before a request expires' }
        : listFinding(escalationName, 'NEO_ESCALATION', await look(escalation)),
    ];
  } catch (error) {
    return notChecked(peopleNames, whyUnanswered(error));
  }
}

/** `dead`: what the list names in vain, one sentence each. `isAll`: everybody on it was looked at. */
type Looked = { members: number; dead: string[]; isAll: boolean };

/** Slack allows some hundred look-ups of people a minute. */
const maxLookedAt = 60;

async function lookAt(
  { users, groups }: PeopleList,
  { people, groups: atSlack }: { people: People; groups: Groups },
): Promise<Looked> {
  const named = new Map(users.map((id) => [id, 'named']));
  const dead: string[] = [];
  const inGroups: string[] = [];
  for (const group of groups) {
    const members = await atSlack.membersOf(group);
    if ('ids' in members) inGroups.push(...members.ids);
    if ('unknown' in members) dead.push(`${group}: ${members.unknown}${members.lasts ? '' : ' for now'}`);
    else if (members.ids.length === 0) dead.push(`${group}: this user group is empty`);
  }
  const ids = [...new Set([...named.keys(), ...inGroups])];
  let members = 0;
  for (const id of ids.slice(0, maxLookedAt)) {
    const problem = whyNot(await standingOf(id, people));
    if (problem === undefined) members += 1;
    // Whoever is in a group and can't act here is the group's business, and no fault of the configuration.
    else if (named.has(id)) dead.push(`${id}: ${problem}`);
  }
  return { members, dead, isAll: ids.length <= maxLookedAt };
}

/** Milliseconds. Of a large workspace Slack gives few pages a minute, and nobody waits for all of them. */
const adminsWithinMs = 20_000;

async function lookAtAdmins({ client, identity, now }: Wires): Promise<Looked & { areAdmins: true }> {
  const until = now() + adminsWithinMs;
  let [members, isAll] = [0, true];
  try {
    for await (const page of adminsByPage(client, identity, (call) => call())) {
      members += page.length;
      isAll = now() < until;
      if (!isAll) break;
    }
  } catch (error) {
    if (members === 0) throw error;
    isAll = false;
  }
  return { members, dead: [], isAll, areAdmins: true };
}

async function standingOf(id: string, people: People): Promise<Standing | 'unknown'> {
  return (await people.find(id))?.standing ?? 'unknown';
}

const standings: Record<Exclude<Standing, 'member'> | 'unknown', string> = {
  unknown: 'not found in Slack',
  guest: 'is a guest',
  bot: 'is a bot',
  deactivated: 'is deactivated',
  outsider: 'belongs to another workspace',
};

function whyNot(standing: Standing | 'unknown'): string | undefined {
  return standing === 'member' ? undefined : standings[standing];
}

function approversFinding(
  policy: Config['policy'],
  looked: Looked & { areAdmins?: true },
  isOnGrid: boolean,
): Finding {
  const { members, isAll, areAdmins } = looked;
  const { approvalsRequired } = policy;
  const needed =
    approvalsRequired === 1 ? '1 approval is needed' : `${approvalsRequired} approvals are needed`;
  const who = areAdmins
    ? `${isAll ? '' : 'at least '}${members} admins and owners of the workspace`
    : countWords(looked);
  const found = `${who} can approve; ${needed}`;
  if (!canBeMet(policy, members) && isAll)
    return {
      name: approversName,
      outcome: 'failed',
      found: deadWords(found, looked),
      fix: 'Add full members to NEO_APPROVERS, or lower NEO_APPROVALS_REQUIRED. Requesters can’t approve their own requests.',
    };
  if (areAdmins)
    return {
      name: approversName,
      outcome: 'note',
      found,
      fix: isOnGrid
        ? 'NEO_APPROVERS is empty, so the admins of this workspace can approve, but organization admins can’t. List people or a user group in NEO_APPROVERS: on Enterprise Grid, others can change who is a workspace admin.'
        : 'NEO_APPROVERS is empty, so every admin and owner of the workspace can approve. To choose the approvers yourself, list people or a user group in NEO_APPROVERS.',
    };
  if (members === approvalsRequired && policy.soloDelayMs === undefined && looked.dead.length === 0)
    return {
      name: approversName,
      outcome: 'note',
      found,
      fix: 'If one of them makes a request, too few others are left to approve it. Add one more person to NEO_APPROVERS.',
    };
  return listFinding(approversName, 'NEO_APPROVERS', looked, found);
}

function listFinding(name: string, variable: string, looked: Looked, found = countWords(looked)): Finding {
  if (looked.dead.length === 0) return { name, outcome: 'ok', found };
  const fix = `Remove or replace these entries in ${variable}.`;
  const outcome = looked.members === 0 ? 'failed' : 'note';
  return { name, outcome, found: deadWords(found, looked), fix };
}

function countWords({ members, isAll }: Looked): string {
  return `${isAll ? '' : 'at least '}${members} ${members === 1 ? 'person' : 'people'}`;
}

function deadWords(found: string, { dead }: Looked): string {
  return [found, ...dead].join('; ');
}
