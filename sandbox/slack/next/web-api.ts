import { readArguments } from './arguments.ts';
import { isDoneAllTheSame, rateLimited, type SlackFaults } from './faults.ts';
import type { Manifest } from './manifest.ts';
import { channelInfo, channelMembers, history, openConversation, replies } from './methods/conversations.ts';
import {
  deleteMessage,
  getPermalink,
  postEphemeral,
  postMessage,
  updateMessage,
} from './methods/messages.ts';
import { refuse, type Answer, type Args, type Inside, type Method } from './methods/method.ts';
import { authTest, listUserGroups, listUserGroupUsers, userInfo } from './methods/people.ts';
import { openView, pushView, updateView, validateBlocks } from './methods/views.ts';
import { PostingRate } from './posting-rate.ts';

/** One call of the Web API. `answer` is undefined when the call was lost on its way. */
export type SlackCall = { method: string; args: Args; answer: Answer | undefined; at: number };

const methods: Readonly<Record<string, Method>> = {
  'auth.test': authTest,
  'views.open': openView,
  'views.push': pushView,
  'views.update': updateView,
  'chat.postMessage': postMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.update': updateMessage,
  'chat.delete': deleteMessage,
  'chat.getPermalink': getPermalink,
  'users.info': userInfo,
  'usergroups.list': listUserGroups,
  'usergroups.users.list': listUserGroupUsers,
  'conversations.info': channelInfo,
  'conversations.members': channelMembers,
  'conversations.open': openConversation,
  'conversations.history': history,
  'conversations.replies': replies,
};

type Options = {
  inside: Inside;
  manifest: Manifest;
  botToken: string;
  appToken: string;
  enforceRateLimits: boolean;
  faults: SlackFaults;
  /** The address of a new socket, for `apps.connections.open`. */
  newSocketUrl: () => string;
};

/** Slack's Web API: who calls, may they, and what comes of it. Every call is kept in the journal. */
export class WebApi {
  readonly journal: SlackCall[] = [];
  private readonly options: Options;
  private readonly rate: PostingRate;

  constructor(options: Options) {
    this.options = options;
    this.rate = new PostingRate(options.inside.store.now);
  }

  async call(name: string, request: Request): Promise<Response> {
    const { faults, inside, manifest, enforceRateLimits } = this.options;
    const args = await readArguments(request);
    const at = inside.store.now();
    const fault = faults.take(name);
    const isLost = fault !== undefined && !isDoneAllTheSame(fault);
    const wait =
      enforceRateLimits && name === 'chat.postMessage' ? this.rate.waitFor(String(args['channel'])) : 0;
    const answer = isLost || wait > 0 ? undefined : this.run(name, args, tokenOf(request, args));
    this.journal.push({ method: name, args: withoutToken(args), answer, at });
    inside.store.changed();
    if (fault !== undefined) return faults.answer(fault);
    if (wait > 0) return rateLimited(wait);
    return Response.json(answer, { headers: { 'x-oauth-scopes': manifest.scopes.join(',') } });
  }

  private run(name: string, args: Args, token: string): Answer {
    const { botToken, appToken, inside, manifest, newSocketUrl } = this.options;
    if (name === 'blocks.validate') return validateBlocks.run(inside, args);
    const method = methods[name];
    if (method === undefined && name !== 'apps.connections.open') return refuse('unknown_method');
    if (token === '') return refuse('not_authed');
    if (token !== botToken && token !== appToken) return refuse('invalid_auth');
    if ((method === undefined) !== (token === appToken)) return refuse('not_allowed_token_type');
    if (method === undefined) return { ok: true, url: newSocketUrl() };
    const needed = method.scope(inside, args);
    if (needed !== undefined && !manifest.scopes.includes(needed))
      return { ...refuse('missing_scope'), needed, provided: manifest.scopes.join(',') };
    return method.run(inside, args);
  }
}

function tokenOf(request: Request, args: Args): string {
  const header = /^Bearer (\S+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
  return header ?? (typeof args['token'] === 'string' ? args['token'] : '');
}

function withoutToken(args: Args): Args {
  return Object.fromEntries(Object.entries(args).filter(([key]) => key !== 'token'));
}
