import type { NotAllowed, PeopleList, Standing } from '../requests/policy.ts';
import type { Request } from '../requests/request.ts';
import type { Refusal } from '../requests/states.ts';
import { standing } from './request-card.ts';
import { mention, moment, requestName } from './text.ts';

const standings: Record<Exclude<Standing, 'member'>, string> = {
  guest: 'you are a guest in this workspace, and only full members may do this',
  bot: 'bots may not do this',
  deactivated: 'your account in this workspace is deactivated',
  outsider: 'you are not a member of this workspace',
};

function why(because: NotAllowed, list: PeopleList): string {
  switch (because.reason) {
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
export function clickRefusal(refusal: ClickRefusal, approvers: PeopleList): string {
  const { current } = refusal;
  const name = current === undefined ? 'This request' : requestName(current);
  switch (refusal.refused) {
    case 'not_an_approver':
      return `You can’t decide ${name}: ${why(refusal.because, approvers)}. Nothing was changed.`;
    case 'self_approval':
      return `You asked for ${name} yourself, so somebody else must decide it. Nothing was changed.`;
    case 'already_decided':
      return `Nothing was changed: ${name} was decided before. ${current ? standing(current) : ''}`.trim();
    case 'expired':
      return `Nothing was changed: the time for ${name} was over${current ? ` on ${moment(current.expiresAt)}` : ''}. Ask for it again with \`/neo-setup\`.`;
    case 'plan_changed':
      return `Nothing was changed: ${name} is not what the card showed when it was posted. Ask for it again with \`/neo-setup\`.`;
    case 'unknown_request':
      return 'Nothing was changed: I don’t know this request any more. Ask for it again with `/neo-setup`.';
  }
}

/** Slack did not say who somebody is: then nobody is let in. */
export function cannotCheck(reference: string): string {
  return `Slack did not tell me who you are, so I did nothing. Try again in a minute. Reference: \`${reference}\``;
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

/** Why somebody may not ask how things stand. */
export function statusRefusal(standing: Exclude<Standing, 'member'>): string {
  return `I can’t tell you: ${standings[standing]}.`;
}
