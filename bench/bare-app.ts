import { App, LogLevel } from '@slack/bolt';

/** The yardstick: a Bolt app that acknowledges, opens a view, says when it is ready, and does nothing else. */
const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET, SLACK_API_URL, PORT } = process.env;
const clientOptions = { slackApiUrl: SLACK_API_URL ?? '', retryConfig: { retries: 0 } };
let started = false;

const app = new App({
  token: SLACK_BOT_TOKEN ?? '',
  ...(SLACK_APP_TOKEN === undefined
    ? { signingSecret: SLACK_SIGNING_SECRET ?? '' }
    : { socketMode: true, appToken: SLACK_APP_TOKEN, port: Number(PORT) }),
  customRoutes: [
    { path: '/readyz', method: 'GET', handler: (_req, res) => res.writeHead(started ? 200 : 503).end() },
  ],
  botId: 'B07QHB7C2XD',
  botUserId: 'U07QHBOTN3P',
  tokenVerificationEnabled: false,
  convoStore: false,
  logLevel: LogLevel.ERROR,
  clientOptions,
});

app.command('/neo-setup', async ({ ack, client, command }) => {
  await ack();
  await client.views.open({
    trigger_id: command.trigger_id,
    view: {
      type: 'modal',
      title: { type: 'plain_text', text: 'Bare' },
      blocks: [{ type: 'section', text: { type: 'plain_text', text: 'Nothing' } }],
    },
  });
});

await app.start({ port: Number(PORT), host: '127.0.0.1' });
started = true;
