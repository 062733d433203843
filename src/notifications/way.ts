import type { Request } from '../requests/request.ts';
import { linkTo } from '../slack/posting.ts';
import { cardOf } from '../storage/messages.ts';
import type { WayToCard } from '../views/approver-messages.ts';
import type { Delivery } from './delivery.ts';

/**
 * Where somebody finds the card. A link to a channel that they aren't in may not open, and nobody is notified there of
 * what comes next. @throws as `postOnce`
 */
export async function wayFor(
  { db, client, isIn }: Delivery,
  request: Request,
  userId: string,
): Promise<WayToCard> {
  const card = await cardOf(db, request.id);
  if (card === undefined) return 'not_posted';
  if (card.problem === 'message_not_found') return 'deleted';
  const link = card.link ?? (await linkTo(client, card.at));
  if (link === undefined) return 'deleted';
  const isThere = await isIn(card.at.channel, userId);
  if (isThere === true) return { link };
  return isThere === undefined ? 'maybe_not_in_channel' : 'not_in_channel';
}

/** To the card, for a requester who sees it. @throws as `postOnce` */
export async function linkFor(deps: Delivery, request: Request): Promise<string | undefined> {
  const way = await wayFor(deps, request, request.requester);
  return typeof way === 'object' ? way.link : undefined;
}
