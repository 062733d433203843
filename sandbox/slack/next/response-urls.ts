import { z } from 'zod';
import { validateMessageBlocks } from './kit.ts';
import type { Content, ResponseUrl } from './model.ts';
import type { Store } from './store.ts';

const mostUses = 5;

const responseSchema = z.looseObject({
  text: z.string().optional(),
  blocks: z.array(z.unknown()).optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).optional(),
  replace_original: z.boolean().optional(),
  delete_original: z.boolean().optional(),
  thread_ts: z.string().optional(),
});
type Answered = z.infer<typeof responseSchema>;

/** Answers a POST to a response_url: five uses in thirty minutes, in any channel, without a token. */
export async function respond(store: Store, request: Request): Promise<Response> {
  const target = store.responseUrls.get(new URL(request.url).pathname);
  if (target === undefined) return refusal('no_team', 404);
  if (store.now() > target.until) return refusal('expired_url', 404);
  if (target.uses >= mostUses) return refusal('used_url', 404);
  const body = responseSchema.safeParse(await jsonOf(request));
  if (!body.success) return refusal('invalid_payload', 400);
  const refused = apply(store, target, body.data);
  if (refused !== undefined) return refusal(refused, 400);
  target.uses += 1;
  store.changed();
  return new Response('ok');
}

/** What an ack or a response says, checked. */
export function readContent(body: {
  text?: string | undefined;
  blocks?: unknown;
}): Content | { error: 'no_text' | 'invalid_blocks' } {
  const checked = validateMessageBlocks(body.blocks ?? []);
  if ('errors' in checked) return { error: 'invalid_blocks' };
  const content = { text: body.text ?? '', blocks: checked.blocks };
  return content.text === '' && content.blocks.length === 0 ? { error: 'no_text' } : content;
}

/**
 * After a click the message with the button is replaced unless the app says otherwise; after a command only if
 * it asks for that. What was shown to one person never becomes visible to all, nor the other way round.
 */
function apply(store: Store, target: ResponseUrl, body: Answered): string | undefined {
  const { original } = target;
  if (body.delete_original === true) {
    if (original === undefined) return 'no_text';
    store.remove(original);
    return undefined;
  }
  const content = readContent(body);
  if ('error' in content) return content.error;
  const isNew = body.response_type !== undefined || body.thread_ts !== undefined;
  const replaces = body.replace_original ?? (!target.isCommand && !isNew);
  if (original !== undefined && replaces) store.edit(original, content);
  else say(store, target, body, content);
  return undefined;
}

function say(store: Store, target: ResponseUrl, body: Answered, content: Content): void {
  const { channelId, userId } = target;
  const threadTs = body.thread_ts ?? (target.isCommand ? undefined : target.original?.threadTs);
  const said =
    body.response_type === 'in_channel'
      ? store.post({ ...content, channelId, threadTs, userId: store.identity.botUserId })
      : store.whisper({ ...content, channelId, threadTs, userId });
  if (target.isCommand) target.original = said;
}

async function jsonOf(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    return undefined;
  }
}

function refusal(error: string, status: number): Response {
  return Response.json({ ok: false, error }, { status });
}
