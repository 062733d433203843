import type { NotAllowed, PeopleList, Policy, Standing } from '../requests/policy.ts';
import type { Request } from '../requests/request.ts';
import type { Refusal } from '../requests/decisions.ts';
import { stateText } from './state-text.ts';
import { mention, moment, requestName } from './text.ts';
import { workWords } from './work-words.ts';

const standings: Record<Exclude<Standing, 'member'>, string> = {
  guest: 'you’re a guest in this workspace, and only full members can',
  bot: 'bots can’t',
  deactivated: 'your account is deactivated',
  outsider: 'you aren’t a member of this workspace',
};

function why(because: NotAllowed, list: PeopleList): string {
  switch (because.reason) {
    case 'group_unknown': {
      const groups = because.groups.map((id) => `<!subteam^${id}>`).join(' or ');
      return `only people in ${groups} can, and Slack couldn’t tell me who they are. Try again in a minute. If this keeps happening, tell whoever runs this app`;
    }
    case 'standing':
      return standings[because.standing];
    case 'not_admin':
      return 'only admins and owners of this workspace can';
    case 'not_listed':
      return `only ${namesOf(list)} can`;
  }
}

function namesOf({ users, groups }: PeopleList): string {
  return [...users.map((id) => mention(id)), ...groups.map((id) => `<!subteam^${id}>`)].join(', ');
}

/** Why somebody may not ask for an agent. */
export function requestRefusal(because: NotAllowed, requesters: PeopleList): string {
  return because.reason === 'not_listed'
    ? `Only ${namesOf(requesters)} can request agents. Nothing was changed.`
    : `You can’t request agents: ${why(because, requesters)}. Nothing was changed.`;
}

export const unknownRequest =
  'I can’t find this request, so nothing was changed. Start over with `/neo-setup`.';

type ClickRefusal = { current: Request | undefined } & (Refusal | { refused: 'unknown_request' });

/** Why a click changed nothing, in words for the one who clicked. */
export function clickRefusal(
  refusal: ClickRefusal,
  { approvers, requesters }: Pick<Policy, 'approvers' | 'requesters'>,
): string {
  const { current } = refusal;
  const name = current === undefined ? 'This request' : requestName(current);
  const again = current === undefined ? '`/neo-setup`' : workWords(current).again;
  switch (refusal.refused) {
    case 'not_an_approver':
      return `You can’t approve or deny ${name}: ${why(refusal.because, approvers)}. Nothing was changed.`;
    case 'not_allowed':
      return `You can’t change ${name}: ${why(refusal.because, requesters)}. Nothing was changed.`;
    case 'not_the_requester':
      return `Only the requester${current ? ` (${mention(current.requester)})` : ''} can change ${name}. Nothing was changed.`;
    case 'repair_has_its_plan':
      return `${name} restores settings that were already approved, so it can’t be edited. Nothing was changed.`;
    case 'nothing_edited':
      return `Nothing was changed: ${name} already has these settings. Its approvals still count.`;
    case 'approved_before':
      return `You already approved ${name}. Someone else needs to approve it too. Nothing was changed.`;
    case 'lapsed':
      return `Nothing was changed: the approval of ${name} expired before I could carry it out. Start over with ${again}.`;
    case 'self_approval':
      return `You requested ${name}, so someone else needs to approve or deny it. Nothing was changed.`;
    case 'requester_left':
      return `Nothing was changed: ${current ? mention(current.requester) : 'the requester'}, who requested ${name}, is no longer a full member of this workspace. The card says so now. If it’s still wanted, approve it there.`;
    case 'already_decided':
      return `Nothing was changed: ${name} has already been decided. ${current ? stateText(current) : ''}`.trim();
    case 'expired':
      return `Nothing was changed: ${name} expired${current ? ` on ${moment(current.expiresAt)}` : ''}. Start over with ${again}.`;
    case 'plan_changed':
      return `Nothing was changed: ${name} has changed since you opened it. Look at its card again: it shows what changed.`;
    case 'unknown_request':
      return unknownRequest;
  }
}

/** Slack did not say who somebody is: then nobody is let in. */
export function cannotCheck(reference: string): string {
  return `I couldn’t verify your account with Slack, so nothing was changed. Try again in a minute. Reference: \`${reference}\``;
}

/** Slack or the storage was too slow: whatever comes of it later, nothing is done. */
export function tooLate(reference: string): string {
  return `This took too long, so nothing was changed. Try again. Reference: \`${reference}\``;
}

/** What is certain about an interaction that broke half-way. */
export type Changed = 'nothing' | 'unsure';

const changes: Record<Changed, string> = {
  nothing: 'Nothing was changed.',
  unsure: 'Before you try again, check with /neo-status whether it was done.',
};

/** Something of ours broke while a person waited. */
export function broken(changed: Changed, reference: string): string {
  return `Something went wrong. ${changes[changed]} Reference: ${reference} (for whoever runs this app).`;
}

/** A stored request was altered, so that nothing in it can be relied on. */
export function unreadable(reference: string): string {
  return `I can’t read this request: its stored data is incomplete. Nothing was changed. Whoever runs this app can find out more with \`npm run audit -- verify\`. Reference: ${reference} (for whoever runs this app).`;
}

/** Why somebody may not ask how things stand. */
export function statusRefusal(standing: Exclude<Standing, 'member'>): string {
  return `I can’t show you this: ${standings[standing]}.`;
}

/** To who does more in a minute than anybody needs. Nothing of it was looked at. */
export function tooFast(waitMs: number): string {
  return `Too many requests, so nothing was changed. Try again in ${waiting(waitMs)}.`;
}

/** To who asks HaloPSA more questions than others can spare. */
export function tooManyLookUps(waitMs: number): string {
  return `Too many lookups in HaloPSA. Try again in ${waiting(waitMs)}.`;
}

/** To who has too many requests open to submit one more. */
export function tooManyOpen(max: number): string {
  return `You have ${max} open requests, which is the maximum. Withdraw one, or wait until one is decided. /neo-status lists them. Nothing was changed.`;
}

function waiting(ms: number): string {
  const seconds = Math.max(2, Math.ceil(ms / 1_000));
  return seconds <= 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}

/** Too few people could approve what somebody asks for. `others`: those who could. */
export function tooFewApprovers(others: readonly string[], { approvalsRequired }: Policy): string {
  const needed = approvalsRequired === 1 ? 'one approver' : `${approvalsRequired} approvers`;
  const there = others.length === 0 ? 'nobody' : `only ${others.length}`;
  return `This needs ${needed} other than you, and ${there} can approve it now. Ask whoever runs this app to add approvers. Nothing was changed.`;
}

/** Under the field in which the channel was chosen: no formatting. */
export const chosenChannelIsShared =
  'This channel is shared with another company, so its people would see this request and could press its buttons. Choose an internal channel.';

export const notInChosenChannel =
  'I’m not in this channel, so I can’t post there. Invite me with /invite @Neo Setup, then submit again.';

/** In place of the form: the request is safe, and its card waits for an invitation. */
export function storedButNotPosted(request: Request): string {
  const name = requestName(request);
  return `${name} is stored, but nobody can see it yet: I’m not in <#${request.channel}>. Type \`/invite @Neo Setup\` there, and I’ll post it. \`/neo-status ${name}\` shows it meanwhile.`;
}

export function cannotCheckChannel(reference: string): string {
  return `I couldn’t check with Slack who can see this channel, so nothing was changed. Submit again in a minute. Reference: ${reference}`;
}
