import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { checkBlocks } from './block-kit.ts';
import type { Ephemeral, Store, StoredMessage } from './store.ts';
import { teamId } from './workspace.ts';

type Target = {
  channel: string;
  user: string;
  /** What was pressed. Undefined: the url came with a command or a view. */
  message: StoredMessage | Ephemeral | undefined;
};

const maxUses = 5;
const lifeMs = 30 * 60_000;

const bodySchema = z.looseObject({
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).optional(),
  replace_original: z.boolean().optional(),
  delete_original: z.boolean().optional(),
  thread_ts: z.string().optional(),
});
type Body = z.infer<typeof bodySchema>;

/** response_urls: five uses in thirty minutes, in any channel, whether the bot is in it or not. */
export class ResponseUrls {
  private readonly given = new Map<string, Target & { uses: number; until: number }>();
  private readonly store: Store;
  private readonly scopes: readonly string[];

  constructor(store: Store, scopes: readonly string[]) {
    this.store = store;
    this.scopes = scopes;
  }

  give(base: string, target: Target): string {
    const path = `/commands/${teamId}/${randomBytes(6).toString('hex')}/${randomBytes(12).toString('hex')}`;
    this.given.set(path, { ...target, uses: 0, until: this.store.now() + lifeMs });
    return `${base}${path}`;
  }

  async answer(path: string, request: Request): Promise<Response> {
    const target = this.given.get(path);
    if (target === undefined) return refuse(404, 'invalid_url');
    if (target.uses >= maxUses) return refuse(404, 'used_url');
    if (this.store.now() > target.until) return refuse(404, 'expired_url');
    target.uses += 1;
    const body = bodySchema.safeParse(await request.json().catch(() => undefined));
    if (!body.success) return refuse(400, 'invalid_payload');
    return this.apply(target, body.data);
  }

  private apply(target: Target, body: Body): Response {
    const { channel, user, message } = target;
    if (body.delete_original === true && message !== undefined) {
      this.store.remove(message);
      return new Response('ok');
    }
    const checked = checkBlocks(body.blocks ?? [], { scopes: this.scopes });
    if ('errors' in checked) return refuse(400, checked.error);
    const content = { text: body.text ?? '', blocks: checked.value };
    if (content.text === '' && content.blocks.length === 0) return refuse(400, 'no_text');
    const threadTs = body.thread_ts ?? message?.threadTs;
    if (message !== undefined && body.replace_original !== false) this.store.update(message, content);
    else if (body.response_type === 'in_channel') this.store.post({ ...content, channel, threadTs });
    else this.store.whisper({ ...content, channel, user, threadTs });
    return new Response('ok');
  }
}

function refuse(status: number, error: string): Response {
  return Response.json({ ok: false, error }, { status });
}
