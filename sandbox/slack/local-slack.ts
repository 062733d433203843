import type { Server } from 'node:http';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { checkBlocks } from './block-kit.ts';
import { httpDelivery, SocketMode, type Delivery } from './delivery.ts';
import { Faults, type PlannedFault } from '../faults.ts';
import { slackFaultAnswer, type OwnSlackFault, type SlackFault } from './faults.ts';
import { PersonAtSlack } from './person.ts';
import { Store, type StoredMessage } from './store.ts';
import { channelScope, methods, type Answer, type Args } from './web-api.ts';
import { channels, people, userGroups, type Channel, type Person } from './workspace.ts';

export type SlackCall = { method: string; args: Args; answer: Answer | undefined };

export type LocalSlackOptions = {
  /** The text of manifest.yml: its scopes and commands are what this Slack allows. */
  manifest: string;
  botToken: string;
  appToken: string;
  signingSecret: string;
  /** `https://slack.com`, or the address where this Slack is served. */
  webBase: () => string;
  /** Where response_urls point to. */
  hooksBase: () => string;
  now?: () => number;
};

const manifestSchema = z.object({
  features: z.object({ slash_commands: z.array(z.object({ command: z.string() })) }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
});

const mostResponses = 5;
const untilMs = 10_000;

/** A Slack on this machine: one workspace, its Web API, and people who type, read and press. */
export class LocalSlack {
  readonly journal: SlackCall[] = [];
  readonly store: Store;
  readonly socketMode = new SocketMode(() => {
    this.store.changed();
  });
  private readonly options: LocalSlackOptions;
  private readonly scopes: string[];
  private readonly commands: string[];
  private readonly faults = new Faults<string, OwnSlackFault>(slackFaultAnswer);
  private delivery: Delivery = this.socketMode.deliver;

  constructor(options: LocalSlackOptions) {
    this.options = options;
    const manifest = manifestSchema.parse(parseYaml(options.manifest));
    this.scopes = manifest.oauth_config.scopes.bot;
    this.commands = manifest.features.slash_commands.map(({ command }) => command);
    this.store = new Store({
      people: Object.values(people),
      channels: Object.values(channels),
      userGroups,
      now: options.now ?? Date.now,
    });
  }

  /** Payloads go to this address, signed. Without it they go to the open sockets. */
  sendTo(url: string): void {
    this.delivery = httpDelivery(url, this.options.signingSecret);
  }

  attachSockets(server: Server): void {
    this.socketMode.attach(server);
  }

  /** What this person can do and see. */
  as(userId: string): PersonAtSlack {
    return new PersonAtSlack({
      store: this.store,
      user: this.store.person(userId),
      commands: this.commands,
      hooksBase: this.options.hooksBase,
      deliver: (type, payload) => this.delivery(type, payload),
    });
  }

  messages(channelId: string): StoredMessage[] {
    return this.store.messages.filter(({ channel }) => channel === channelId);
  }

  fail(method: string, fault: SlackFault, times = 1): PlannedFault {
    return this.faults.plan(method, fault, times);
  }

  /** How many faults have not met their call yet. */
  get faultsWaiting(): number {
    return this.faults.waiting;
  }

  heal(): void {
    this.faults.heal();
  }

  changePerson(id: string, change: Partial<Person>): void {
    this.store.people.set(id, { ...this.store.person(id), ...change });
  }

  changeChannel(id: string, change: Partial<Channel>): void {
    const channel = this.store.channels.get(id);
    if (channel !== undefined) this.store.channels.set(id, { ...channel, ...change });
    this.store.changed();
  }

  /** Waits for what `read` finds; looks again after every change. @throws after ten seconds */
  until<T>(what: string, read: () => T | undefined | false | '', withinMs = untilMs): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = read();
        if (found === undefined || found === false || found === '') return;
        clearTimeout(timer);
        stopListening();
        resolve(found);
      };
      const stopListening = this.store.onChange(look);
      const timer = setTimeout(() => {
        stopListening();
        const seen = this.store.messages.map(({ text }) => text).join('\n---\n');
        reject(new Error(`Waited in vain for ${what}. Messages so far:\n${seen}`));
      }, withinMs);
      look();
    });
  }

  stop(): void {
    this.heal();
    this.socketMode.stop();
  }

  /** Answers the Web API (`/api/…`) and response_urls (`/commands/…`). */
  fetch = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const response = pathname.startsWith('/api/')
      ? await this.callMethod(pathname.slice('/api/'.length), request)
      : await this.respondTo(pathname, request);
    this.store.changed();
    return response;
  };

  private async callMethod(name: string, request: Request): Promise<Response> {
    const args = await readArgs(request);
    const fault = this.faults.take((method) => method === name);
    const done = fault === undefined || fault.after === true;
    const answer = done ? this.run(name, args, request.headers.get('authorization') ?? '') : undefined;
    this.journal.push({ method: name, args, answer });
    if (fault !== undefined) {
      this.store.changed();
      return this.faults.answer(fault);
    }
    return Response.json(answer, { headers: { 'x-oauth-scopes': this.scopesOf(request) } });
  }

  /** Slack says with every answer what the token may do. */
  private scopesOf({ headers }: Request): string {
    return headers.get('authorization') === `Bearer ${this.options.botToken}` ? this.scopes.join(',') : '';
  }

  private run(name: string, args: Args, authorization: string): Answer {
    const token = authorization.replace(/^Bearer /, '');
    if (name === 'apps.connections.open')
      return token === this.options.appToken
        ? { ok: true, url: this.socketMode.newUrl(this.options.webBase()) }
        : { ok: false, error: 'invalid_auth' };
    const method = methods[name];
    if (method === undefined) return { ok: false, error: 'unknown_method' };
    if (token !== this.options.botToken) return { ok: false, error: 'invalid_auth' };
    const needed = method.scope ?? channelScope(this.store, name, args);
    if (needed !== undefined && !this.scopes.includes(needed))
      return { ok: false, error: 'missing_scope', needed, provided: this.scopes.join(',') };
    return method.run(this.store, args);
  }

  private async respondTo(path: string, request: Request): Promise<Response> {
    const target = this.store.responseUrls.get(path);
    if (target === undefined || target.uses >= mostResponses || this.store.now() > target.until)
      return new Response('used_url', { status: 404 });
    target.uses += 1;
    const body = responseSchema.parse(await request.json());
    const blocks = checkBlocks(body.blocks ?? []);
    if ('errors' in blocks) return new Response('invalid_blocks', { status: 400 });
    const content = { text: body.text ?? '', blocks: blocks.value };
    const { channel, user, message } = target;
    const threadTs = message?.threadTs;
    if (message !== undefined && body.replace_original !== false) this.store.update(message, content);
    else if (body.response_type === 'in_channel')
      this.store.post({ ...content, channel, threadTs, metadata: undefined });
    else this.store.ephemerals.push({ ...content, channel, user, threadTs, ts: this.store.nextTs() });
    return new Response('ok');
  }
}

const responseSchema = z.looseObject({
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).optional(),
  replace_original: z.boolean().optional(),
});

/** The SDK sends forms whose nested values are JSON text. */
async function readArgs(request: Request): Promise<Args> {
  const form = new URLSearchParams(await request.text());
  return Object.fromEntries([...form].map(([key, value]) => [key, nested(key, value)]));
}

function nested(key: string, value: string): unknown {
  return ['view', 'blocks', 'metadata'].includes(key) ? JSON.parse(value) : value;
}
