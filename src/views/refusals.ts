import type { NotAllowed, PeopleList, Policy, Standing } from '../requests/policy.ts';
import type { Request } from '../requests/request.ts';
import type { Refusal } from '../requests/decisions.ts';
import { stateText } from './request-card.ts';
import { mention, moment, requestName } from './text.ts';
import { workWords } from './work-words.ts';

const standings: Record<Exclude<Standing, 'member'>, string> = {
  guest: 'you are a guest in this workspace, and only full members may do this',
  bot: 'bots may not do this',
  deactivated: 'your account in this workspace is deactivated',
  outsider: 'you are not a member of this workspace',
};

function why(because: NotAllowed, list: PeopleList): string {
  switch (because.reason) {
    case 'group_unknown': {
      const groups = because.groups.map((id) => `<!subteam^${id}>`).join(' or ');
      return `only people in ${groups} may, and Slack doesn’t say who is in there. Try again in a minute. If it stays so, tell whoever runs this app`;
    }
    case 'standing':
      return standings[because.standing];
    case 'not_admin':
      return 'only admins and owners of this workspace may do this';
    case 'not_listed': {
      const people = list.users.map((id) => mention(id));
      const groups = list.groups.map((id) => `<!subteam^${id}>`);
      return `only these may do this: ${[...people, ...groups].join(', ')}`;
    }
  }
}

/** Why somebody may not ask for an agent. */
export function requestRefusal(because: NotAllowed, requesters: PeopleList): string {
  return `You can’t set up an agent: ${why(because, requesters)}. Nothing was changed.`;
}

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
      return `You can’t decide ${name}: ${why(refusal.because, approvers)}. Nothing was changed.`;
    case 'not_allowed':
      return `You can’t do this with ${name}: ${why(refusal.because, requesters)}. Nothing was changed.`;
    case 'not_the_requester':
      return `Only who asked for ${name} can do this${current ? `: ${mention(current.requester)}` : ''}. Nothing was changed.`;
    case 'repair_has_its_plan':
      return `${name} sets its agent to the plan that was approved before, so it cannot be edited. Nothing was changed.`;
    case 'nothing_edited':
      return `Nothing was changed: ${name} asks for exactly this already, and its approvals stay.`;
    case 'approved_before':
      return `You approved ${name} before, and every approval must be another person’s. Nothing was changed. ${current ? stateText(current) : ''}`.trim();
    case 'lapsed':
      return `Nothing was changed: the approval of ${name} has lapsed, because it could not be carried out in time. Ask for it again with ${again}.`;
    case 'self_approval':
      return `You asked for ${name} yourself, so somebody else must decide it. Nothing was changed.`;
    case 'requester_left':
      return `Nothing was changed: ${current ? mention(current.requester) : 'the requester'} asked for ${name} and is no full member of this workspace any more. Its card says so now: approve it there if it is still wanted.`;
    case 'already_decided':
      return `Nothing was changed: ${name} was decided before. ${current ? stateText(current) : ''}`.trim();
    case 'expired':
      return `Nothing was changed: the time for ${name} was over${current ? ` on ${moment(current.expiresAt)}` : ''}. Ask for it again with ${again}.`;
    case 'plan_changed':
      return `Nothing was changed: ${name} is not what you were shown: it was changed meanwhile. Look at its card again, which shows what changed.`;
    case 'unknown_request':
      return 'Nothing was changed: I don’t know this request any more. Ask for it again with `/neo-setup`.';
  }
}

/** Slack did not say who somebody is: then nobody is let in. */
export function cannotCheck(reference: string): string {
  return `Slack did not tell me who you are, so I did nothing. Try again in a minute. Reference: \`${reference}\``;
}

/** Slack or the storage was too slow: whatever comes of it later, nothing is done. */
export function tooLate(reference: string): string {
  return `This took too long, so nothing was changed. Try again. Reference: \`${reference}\``;
}

/** What is certain about an interaction that broke half-way. */
export type Changed = 'nothing' | 'unsure';

const changes: Record<Changed, string> = {
  nothing: 'Nothing was changed.',
  unsure: 'Before you try again, look with /neo-status whether it was done.',
};

/** Something of ours broke while a person waited. */
export function broken(changed: Changed, reference: string): string {
  return `Something went wrong. ${changes[changed]} Reference: ${reference} (it stands in this bot’s log).`;
}

/** A stored request was altered, so that nothing in it can be relied on. */
export function unreadable(reference: string): string {
  return `I can’t read this request: what is stored of it isn’t complete. Nothing was changed. Whoever runs this app can find out more with \`npm run audit -- verify\`. Reference: ${reference} (it stands in this bot’s log).`;
}

/** Why somebody may not ask how things stand. */
export function statusRefusal(standing: Exclude<Standing, 'member'>): string {
  return `I can’t tell you: ${standings[standing]}.`;
}

/** To who does more in a minute than anybody needs. Nothing of it was looked at. */
export function tooFast(waitMs: number): string {
  return `That is too much at once, so I did nothing. Try again in ${waiting(waitMs)}.`;
}

/** To who asks HaloPSA more questions than others can spare. */
export function tooManyLookUps(waitMs: number): string {
  return `You have asked HaloPSA a lot in the last minute, and others need it too, so I did not ask. Try again in ${waiting(waitMs)}.`;
}

/** To who has too many requests open to submit one more. */
export function tooManyOpen(max: number): string {
  return `You have ${max} open requests, and one person may have no more. Withdraw one, or wait until one is decided. Nothing was changed; /neo-status shows them.`;
}

function waiting(ms: number): string {
  const seconds = Math.max(2, Math.ceil(ms / 1_000));
  return seconds <= 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}

/** Too few people could approve what somebody asks for. `others`: those who could. */
export function tooFewApprovers(others: readonly string[], { approvalsRequired }: Policy): string {
  const needed = approvalsRequired === 1 ? 'One approver' : `${approvalsRequired} approvers`;
  const there = others.length === 0 ? 'nobody' : `only ${others.length}`;
  return `${needed} other than you must approve this, and ${there} could now. Ask whoever runs this bot to name more approvers (NEO_APPROVERS). Nothing was changed.`;
}

/** Under the field in which the channel was chosen: no formatting. */
export const chosenChannelIsShared =
  'This channel is shared with another company, whose people would see the card and could press its buttons. Choose a channel of your own.';

export const notInChosenChannel =
  'I am not in this channel, so I could not post the card. Invite me there with /invite @Neo Setup, then submit again.';

export function cannotCheckChannel(reference: string): string {
  return `Slack did not tell me who sees this channel, so I did nothing. Submit again in a minute. Reference: ${reference}`;
}
