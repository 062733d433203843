import type { WebClient } from '@slack/web-api';
import { overviewFor } from '../requests/overview.ts';
import type { Person } from '../requests/policy.ts';
import type { Request } from '../requests/request.ts';
import { endedStates, openStates } from '../requests/states.ts';
import { linkTo } from '../slack/posting.ts';
import { cardOf, listPosted } from '../storage/messages.ts';
import { listRequests } from '../requests/store.ts';
import type { Message } from '../views/message.ts';
import { overviewMessage, type PostedItem } from '../views/overview.ts';
import { cannotCheck, statusRefusal } from '../views/refusals.ts';
import { requestAnswer } from '../views/request-answer.ts';
import { whoIs, type Clicker } from './clicks.ts';
import type { Dependencies } from './dependencies.ts';
import { offeredTo } from './index.ts';
import { notIdentified, recordRefused } from './refused.ts';

/** Who may read how things stand: full members. Else why not, in words for them; that is recorded. */
export async function readerOf(
  deps: Omit<Dependencies, 'homes' | 'wake'>,
  user: Clicker,
): Promise<{ reader: Person } | { refusal: string }> {
  const reader = deps.people.known(user.id) ?? (await whoIs(deps, user));
  const attempt = { what: 'looked', by: { id: user.id, teamId: user.team_id } } as const;
  if ('reference' in reader) {
    await recordRefused(deps, { ...attempt, ...notIdentified(reader.reference) });
    return { refusal: cannotCheck(reader.reference) };
  }
  if (reader.standing === 'member') return { reader };
  await recordRefused(deps, { ...attempt, refused: reader.standing });
  return { refusal: statusRefusal(reader.standing) };
}

const maxOpen = 200;
const maxEnded = 100;

/** What stands on this person's page. */
export async function overviewItems(
  deps: Pick<Dependencies, 'config' | 'db' | 'identity' | 'log' | 'now'>,
  reader: Person,
): Promise<PostedItem[]> {
  const { config, db, identity, log, now } = deps;
  const [open, ended] = await Promise.all([
    listRequests(db, identity.teamId, openStates, maxOpen),
    listRequests(db, identity.teamId, endedStates, maxEnded),
  ]);
  const unreadable = [...open.unreadable, ...ended.unreadable];
  if (unreadable.length > 0) log.error({ requests: unreadable }, 'stored requests that cannot be read');
  const requests = [...open.requests, ...ended.requests];
  const posted = await listPosted(
    db,
    requests.map(({ id }) => id),
  );
  const at = now();
  const items = overviewFor(requests, reader, (request) => offeredTo(reader, request, config.policy, at));
  return items.map((item) => ({ ...item, posted: posted(item.request.id) }));
}

/** How things stand for this person. `page` counts from 0. */
export async function overviewPage(deps: Dependencies, reader: Person, page: number): Promise<Message> {
  return overviewMessage(await overviewItems(deps, reader), page);
}

/** Everything about one request. `done`: what the reader just did with it. */
export async function requestPage(
  deps: Dependencies,
  client: WebClient,
  { request, reader, done }: { request: Request; reader: Person; done?: string },
): Promise<Message> {
  const { config, db, now } = deps;
  const posted = await listPosted(db, [request.id]);
  return requestAnswer(request, {
    offered: offeredTo(reader, request, config.policy, now()).offered,
    link: await threadLink(deps, client, request),
    posted: posted(request.id),
    done,
  });
}

/** The answer is worth having without the link. */
async function threadLink(
  { db, log }: Dependencies,
  client: WebClient,
  { id }: Request,
): Promise<string | undefined> {
  try {
    const card = await cardOf(db, id);
    return card && (await linkTo(client, card.at));
  } catch (error) {
    log.warn({ err: error, requestId: id }, 'Slack does not say where the thread is');
    return undefined;
  }
}
