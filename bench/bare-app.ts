import { App, LogLevel } from '@slack/bolt';

/** The yardstick: a Bolt app that acknowledges, opens a view, and does nothing else. */
const app = new App({
  token: 'xoxb-bench',
  signingSecret: 'bench',
  botId: 'B07QHB7C2XD',
  botUserId: 'U07QHBOTN3P',
  tokenVerificationEnabled: false,
  convoStore: false,
  logLevel: LogLevel.ERROR,
  clientOptions: { slackApiUrl: process.env['SLACK_API_URL'] ?? '', retryConfig: { retries: 0 } },
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

await app.start({ port: Number(process.env['PORT']), host: '127.0.0.1' });
process.send?.('ready');
