/** Slack user ids (U…, W…) and user-group ids (S…). Both empty: the variable was left empty. */
export type PeopleList = { users: string[]; groups: string[] };

/** What a person is to this workspace. Only a `member` may do anything here. */
export type Standing = 'member' | 'guest' | 'bot' | 'deactivated' | 'outsider';

/**
 * A person as Slack describes them now. `groups`: those of the configured user groups that they are in; `groupsUnknown`:
 * those of which Slack doesn't say who is in them.
 */
export type Person = {
  id: string;
  /** Slack has more than one id for somebody whose workspace joined an Enterprise Grid (U… and W…). */
  alsoKnownAs?: readonly string[];
  standing: Standing;
  /** Admin, owner or primary owner of the workspace. */
  isAdmin: boolean;
  groups: string[];
  groupsUnknown?: string[];
  /** IANA name, when Slack knows it. */
  timeZone: string | undefined;
  /** The workspace that Slack gives for them. */
  teamId?: string | undefined;
};

/** The rules that an approval is bound to, from the configuration. */
export type Policy = {
  /** Both lists empty: the workspace's admins and owners. */
  approvers: PeopleList;
  /** Both lists empty: every full member. */
  requesters: PeopleList;
  /** How many different people must approve, 1 to 5. */
  approvalsRequired: number;
  /** Milliseconds that a request waits for its decision. */
  approvalTtlMs: number;
  /** Milliseconds after the last approval in which the agent must be created, or the approval lapses. */
  executionTtlMs: number;
  /** Milliseconds in which anybody may stop what its only approver asked for. Undefined: such a request is refused. */
  soloDelayMs: number | undefined;
};

export type NotAllowed =
  | { reason: 'standing'; standing: Exclude<Standing, 'member'> }
  | { reason: 'not_listed' }
  /** They are let in by being in one of these, if at all. */
  | { reason: 'group_unknown'; groups: string[] }
  | { reason: 'not_admin' };

/** Is it this person's id, or another one that Slack has for them? */
export function isPerson(person: Pick<Person, 'id' | 'alsoKnownAs'>, id: string): boolean {
  return person.id === id || person.alsoKnownAs?.includes(id) === true;
}

/** May this person ask for an agent? An empty list means: every full member. */
export function mayRequest(person: Person, requesters: PeopleList): NotAllowed | undefined {
  if (person.standing !== 'member') return { reason: 'standing', standing: person.standing };
  return isEmpty(requesters) ? undefined : notOn(requesters, person);
}

/** May this person decide requests? An empty list means: the workspace's admins and owners. */
export function mayApprove(person: Person, approvers: PeopleList): NotAllowed | undefined {
  if (person.standing !== 'member') return { reason: 'standing', standing: person.standing };
  if (isEmpty(approvers)) return person.isAdmin ? undefined : { reason: 'not_admin' };
  return notOn(approvers, person);
}

/** May this person look at agents of HaloPSA that this app has nothing to do with? Who may ask for agents or approve them may. */
export function mayReadHalo(person: Person, { approvers, requesters }: Policy): boolean {
  return mayRequest(person, requesters) === undefined || mayApprove(person, approvers) === undefined;
}

/** Who may approve, as far as Slack has told so far. Ids of Slack people. */
export type Approvers = {
  /** Full members who may approve. Where many are named, no more of them than any request needs. */
  ids: readonly string[];
  /** Everybody who is named, looked up or not; where nobody is, the workspace's admins and owners. */
  named: readonly string[];
  /** So many of those weren't looked up, because enough were found. */
  notLookedUp: number;
  /** Is that all? Else Slack hasn't told everything so far. */
  isWhole: boolean;
  /** User groups that Slack refuses to know. They count as empty. */
  dead: readonly string[];
};

/** What a request may count on when it is submitted. Ids of Slack people. */
export type Quorum =
  /** Enough others may approve now, and perhaps so many more, who weren't looked up. */
  | { kind: 'enough'; others: string[]; more: number }
  /** The requester is the only approver, and the policy lets the request be carried out after a delay. */
  | { kind: 'solo'; delayMs: number }
  /** Too few others may approve now. */
  | { kind: 'too_few'; others: string[] }
  /** Fewer are known than must approve, and Slack hasn't told of all. */
  | { kind: 'unknown' };

/** Can this request be approved at all? `approvers`: the requester is among them or not. */
export function quorumFor(
  requester: Pick<Person, 'id' | 'alsoKnownAs'>,
  approvers: Approvers,
  policy: Policy,
): Quorum {
  const { ids, notLookedUp, isWhole, dead } = approvers;
  const others = ids.filter((id) => !isPerson(requester, id));
  if (others.length >= policy.approvalsRequired) return { kind: 'enough', others, more: notLookedUp };
  if (!isWhole) return { kind: 'unknown' };
  // Somebody may be in a group that is only out of order.
  const isOnlyApprover = others.length === 0 && ids.length > 0 && dead.length === 0;
  // A delay stands in for one person's approval, not for several.
  if (isOnlyApprover && policy.approvalsRequired === 1 && policy.soloDelayMs !== undefined)
    return { kind: 'solo', delayMs: policy.soloDelayMs };
  return { kind: 'too_few', others };
}

/** Could any request of anybody be approved with this many approvers? */
export function canBeMet(policy: Policy, approvers: number): boolean {
  const isSolo = approvers === 1 && policy.approvalsRequired === 1 && policy.soloDelayMs !== undefined;
  return approvers >= policy.approvalsRequired || isSolo;
}

export function isEmpty(list: PeopleList): boolean {
  return list.users.length === 0 && list.groups.length === 0;
}

function notOn({ users, groups }: PeopleList, person: Person): NotAllowed | undefined {
  if (users.some((id) => isPerson(person, id))) return undefined;
  if (groups.some((group) => person.groups.includes(group))) return undefined;
  const unknown = groups.filter((group) => person.groupsUnknown?.includes(group));
  return unknown.length === 0 ? { reason: 'not_listed' } : { reason: 'group_unknown', groups: unknown };
}
