import { readJson } from './json.ts';
import { refuse, type Answer, type Args, type Method, type Slack } from './methods/answer.ts';
import { blockMethods } from './methods/blocks.ts';
import { chatMethods } from './methods/chat.ts';
import { conversationMethods } from './methods/conversations.ts';
import { oauthMethods } from './methods/oauth.ts';
import { peopleMethods } from './methods/people.ts';
import { viewMethods } from './methods/views.ts';

/** The Web API methods of this Slack, with the scope and the rate limit of each. */
export const methods: Record<string, Method> = {
  ...viewMethods,
  ...chatMethods,
  ...peopleMethods,
  ...conversationMethods,
  ...oauthMethods,
  ...blockMethods,
};

const connecting = 'apps.connections.open';
const jsonArguments = ['view', 'blocks', 'metadata', 'attachments'];

/** The SDK sends forms whose nested values are JSON text. What is no JSON stays as it is. */
export async function readArguments(name: string, request: Request): Promise<Args> {
  const form = [...new URLSearchParams(await request.text())];
  return Object.fromEntries(
    methods[name]?.isOpen === true
      ? form
      : form.map(([key, value]) => [key, jsonArguments.includes(key) ? parsed(value) : value]),
  );
}

function parsed(value: string): unknown {
  const json = readJson(value);
  return json === undefined ? value : json.value;
}

/** Who may call what, and with which token. */
export class WebApi {
  private readonly slack: Slack;
  private readonly newSocketUrl: () => string;

  constructor(slack: Slack, newSocketUrl: () => string) {
    this.slack = slack;
    this.newSocketUrl = newSocketUrl;
  }

  run(name: string, args: Args, headers: Headers): Answer {
    const method = methods[name];
    if (method?.isOpen === true) return method.run(this.slack, args);
    const holder = this.slack.tokens.holder(tokenIn(headers));
    if (typeof holder !== 'string') return refuse(holder.error);
    if (name === connecting)
      return holder === 'app' ? { ok: true, url: this.newSocketUrl() } : refuse('not_allowed_token_type');
    if (method === undefined) return refuse('unknown_method');
    if (holder === 'app') return refuse('not_allowed_token_type');
    return this.runAsBot(method, args);
  }

  /** Slack says with every answer what the token may do. */
  scopesOf(headers: Headers): string {
    return this.slack.tokens.holder(tokenIn(headers)) === 'bot' ? this.slack.manifest.scopes.join(',') : '';
  }

  private runAsBot(method: Method, args: Args): Answer {
    const { store, manifest } = this.slack;
    const needed = typeof method.scope === 'function' ? method.scope(store, args) : method.scope;
    return needed === undefined || manifest.scopes.includes(needed)
      ? method.run(this.slack, args)
      : { ...refuse('missing_scope'), needed, provided: manifest.scopes.join(',') };
  }
}

function tokenIn(headers: Headers): string {
  return (headers.get('authorization') ?? '').replace(/^Bearer /, '');
}
