/** Slack user ids (U…, W…) and user-group ids (S…). Both empty: the variable was left empty. */
export type PeopleList = { users: string[]; groups: string[] };

/** What a person is to this workspace. Only a `member` may do anything here. */
export type Standing = 'member' | 'guest' | 'bot' | 'deactivated' | 'outsider';

/** A person as Slack describes them now. `groups`: those of the configured user groups that they are in. */
export type Person = {
  id: string;
  standing: Standing;
  /** Admin, owner or primary owner of the workspace. */
  isAdmin: boolean;
  groups: string[];
  /** IANA name, when Slack knows it. */
  timeZone: string | undefined;
  /** The workspace that Slack gives for them. */
  teamId?: string | undefined;
};

export type NotAllowed =
  | { reason: 'standing'; standing: Exclude<Standing, 'member'> }
  | { reason: 'not_listed' }
  | { reason: 'not_admin' };

/** May this person ask for an agent? An empty list means: every full member. */
export function mayRequest(person: Person, requesters: PeopleList): NotAllowed | undefined {
  if (person.standing !== 'member') return { reason: 'standing', standing: person.standing };
  return isEmpty(requesters) || isListed(person, requesters) ? undefined : { reason: 'not_listed' };
}

/** May this person decide requests? An empty list means: the workspace's admins and owners. */
export function mayApprove(person: Person, approvers: PeopleList): NotAllowed | undefined {
  if (person.standing !== 'member') return { reason: 'standing', standing: person.standing };
  if (isEmpty(approvers)) return person.isAdmin ? undefined : { reason: 'not_admin' };
  return isListed(person, approvers) ? undefined : { reason: 'not_listed' };
}

function isEmpty(list: PeopleList): boolean {
  return list.users.length === 0 && list.groups.length === 0;
}

function isListed(person: Person, list: PeopleList): boolean {
  return list.users.includes(person.id) || list.groups.some((group) => person.groups.includes(group));
}
