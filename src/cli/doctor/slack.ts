import { WebAPIRateLimitedError, WebAPIRequestError, WebClient, type WebClientOptions } from '@slack/web-api';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import type { Config, ConfigParts } from '../../config.ts';
import { answeringOptions, type Identity } from '../../slack/connection.ts';
import { silentSlackLogger } from '../../slack/logger.ts';
import { isRefusal, whyUnanswered } from '../../slack/unanswered.ts';
import { channelName, checkChannel } from './channel.ts';
import { notChecked, type Finding } from './finding.ts';
import { checkPeople, peopleNames } from './people.ts';

const tokenName = 'Slack token';
const scopesName = 'Slack scopes';
const socketName = 'Slack Socket Mode';
const signingName = 'Slack signing secret';
export const slackNames = [tokenName, scopesName, socketName, ...peopleNames, channelName];

const manifestSchema = z.object({
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
});

/** `who`: undefined when Slack was not asked who may do what. */
type Asked = { slack: Config['slack']; manifest: string; who: ConfigParts['people']; now: () => number };

/** `manifest`: the text of manifest.yml, which alone declares the scopes. */
export async function checkSlack({ slack, manifest, who, now }: Asked): Promise<Finding[]> {
  const client = clientOf(slack, slack.botToken);
  const token = await checkBotToken(client, manifest);
  const wayIn = await checkWayIn(slack);
  const { identity } = token;
  if (identity === undefined)
    return [
      ...token.findings,
      wayIn,
      ...notChecked([...peopleNames, channelName], 'the Slack token couldn’t be verified'),
    ];
  return [...token.findings, wayIn, ...(await checkWho(who, { client, identity, now }))];
}

async function checkWho(
  who: ConfigParts['people'],
  wires: { client: WebClient; identity: Identity; now: () => number },
): Promise<Finding[]> {
  if (who === undefined)
    return notChecked([...peopleNames, channelName], 'fix the NEO_ variables above first');
  return [...(await checkPeople(who, wires)), await checkChannel(wires.client, who.approvalsChannel)];
}

async function checkBotToken(
  client: WebClient,
  manifest: string,
): Promise<{ findings: Finding[]; identity?: Identity }> {
  try {
    const answer = await client.auth.test();
    const { bot_id: botId, user_id: botUserId, team_id: teamId, enterprise_id: enterpriseId } = answer;
    if (botId === undefined || botUserId === undefined || teamId === undefined)
      return {
        findings: [
          failed(tokenName, 'SLACK_BOT_TOKEN isn’t a bot token', botTokenFix),
          ...notChecked([scopesName], 'SLACK_BOT_TOKEN isn’t a bot token'),
        ],
      };
    if (answer.is_enterprise_install === true)
      return {
        findings: [
          failed(
            tokenName,
            'SLACK_BOT_TOKEN belongs to an organization-wide installation',
            'Install the app to a single workspace and use the Bot User OAuth Token from that installation.',
          ),
          ...notChecked([scopesName], 'the token belongs to an organization-wide installation'),
        ],
      };
    const wanted = manifestSchema.parse(parseYaml(manifest)).oauth_config.scopes.bot;
    return {
      identity: { botId, botUserId, teamId, enterpriseId },
      findings: [
        { name: tokenName, outcome: 'ok', found: `bot ${botId} in workspace ${teamId}` },
        compareScopes(wanted, answer.response_metadata?.scopes),
      ],
    };
  } catch (error) {
    const findings = [
      refused(tokenName, error, botTokenFix),
      ...notChecked([scopesName], 'the Slack token couldn’t be verified'),
    ];
    return { findings };
  }
}

function compareScopes(wanted: readonly string[], given: readonly string[] | undefined): Finding {
  if (given === undefined)
    return { name: scopesName, outcome: 'note', found: 'Slack does not say which scopes the token has' };
  const missing = wanted.filter((scope) => !given.includes(scope));
  const more = given.filter((scope) => !wanted.includes(scope));
  if (missing.length > 0)
    return failed(
      scopesName,
      `missing: ${missing.join(', ')}`,
      'On api.slack.com/apps add them under OAuth & Permissions → Bot Token Scopes, and reinstall the app to the workspace.',
    );
  if (more.length > 0)
    return {
      name: scopesName,
      outcome: 'note',
      found: `all granted, plus some that aren’t needed: ${more.join(', ')}`,
    };
  return { name: scopesName, outcome: 'ok', found: `all ${wanted.length} of manifest.yml` };
}

/** How payloads reach us. Asking for a socket's address opens none. */
async function checkWayIn(slack: Config['slack']): Promise<Finding> {
  if (slack.mode === 'http')
    return /^[0-9a-f]{32}$/.test(slack.signingSecret)
      ? { name: signingName, outcome: 'ok', found: 'HTTP mode: 32 hex characters' }
      : failed(
          signingName,
          'SLACK_SIGNING_SECRET is not 32 hex characters',
          'Copy it from api.slack.com/apps → Basic Information → Signing Secret.',
        );
  try {
    await clientOf(slack, slack.appToken).apps.connections.open();
    return { name: socketName, outcome: 'ok', found: 'Slack accepts the connection' };
  } catch (error) {
    return refused(socketName, error, appTokenFix);
  }
}

const botTokenFix =
  'Copy the Bot User OAuth Token (xoxb-…) from api.slack.com/apps → OAuth & Permissions into SLACK_BOT_TOKEN; reinstall the app if it was removed.';
const appTokenFix =
  'On api.slack.com/apps → Basic Information → App-Level Tokens, generate a token with the scope connections:write and copy it into SLACK_APP_TOKEN. Then turn on Socket Mode.';

function refused(name: string, error: unknown, fix: string): Finding {
  const found = whyUnanswered(error);
  // A limit on calls says nothing of the installation.
  if (error instanceof WebAPIRateLimitedError) return { name, outcome: 'not_checked', found };
  if (isRefusal(error)) return failed(name, found, fix);
  return failed(name, found, error instanceof WebAPIRequestError ? wayFix : laterFix);
}

const wayFix =
  'Check SLACK_API_URL, and that this machine may open https connections to slack.com (proxy, firewall, DNS).';
const laterFix = 'Try again in a few minutes. If this keeps happening, check https://slack-status.com.';

function failed(name: string, found: string, fix: string): Finding {
  return { name, outcome: 'failed', found, fix };
}

function clientOf({ apiUrl }: Config['slack'], token: string): WebClient {
  const options: WebClientOptions = { ...answeringOptions(apiUrl), timeout: patienceMs };
  return new WebClient(token, { ...options, rejectRateLimitedCalls: true, logger: silentSlackLogger });
}

const patienceMs = 10_000;
/** What it would say stands in the table. */
