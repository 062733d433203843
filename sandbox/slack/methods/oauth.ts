import type { Pair } from '../tokens.ts';
import { bot, oauthClient, teamId, teamName } from '../workspace.ts';
import { refuse, type Answer, type Args, type Method, type Slack } from './answer.ts';

export const oauthMethods: Record<string, Method> = {
  'oauth.v2.exchange': { tier: 3, isOpen: true, run: exchange },
  'oauth.v2.access': { tier: 4, isOpen: true, run: access },
};

/** A token without an end becomes a pair. */
function exchange(slack: Slack, args: Args): Answer {
  return forTheApp(slack, args, () => slack.tokens.exchange(String(args['token'])));
}

/** Of the grants only `refresh_token`: nobody installs the app here. */
function access(slack: Slack, args: Args): Answer {
  if (args['grant_type'] !== 'refresh_token') return refuse('invalid_grant_type');
  return forTheApp(slack, args, () => slack.tokens.refresh(String(args['refresh_token'])));
}

function forTheApp({ manifest }: Slack, args: Args, give: () => Pair | { error: string }): Answer {
  if (args['client_id'] !== oauthClient.id) return refuse('invalid_client_id');
  if (args['client_secret'] !== oauthClient.secret) return refuse('bad_client_secret');
  if (!manifest.rotatesTokens) return refuse('token_rotation_not_enabled');
  const given = give();
  if ('error' in given) return refuse(given.error);
  return {
    ok: true,
    access_token: given.accessToken,
    refresh_token: given.refreshToken,
    expires_in: given.expiresIn,
    token_type: 'bot',
    scope: manifest.scopes.join(','),
    bot_user_id: bot.userId,
    app_id: bot.appId,
    team: { id: teamId, name: teamName },
    enterprise: null,
    is_enterprise_install: false,
  };
}
