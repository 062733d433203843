import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers every Web API method at once with the little that the apps read, so that only the apps are measured. */
const answers: Record<string, object> = {
  'auth.test': { team_id: 'T07QH4M2K1A', user_id: 'U07QHBOTN3P', bot_id: 'B07QHB7C2XD' },
  'views.open': { view: { id: 'V07QH0000001' } },
  'views.update': { view: { id: 'V07QH0000001' } },
  'users.info': { user: { id: 'U07ANA4F2K8', team_id: 'T07QH4M2K1A', tz: 'Australia/Sydney' } },
  'conversations.info': { channel: { id: 'C07MSPOPS11', is_member: true } },
};

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    const method = request.url?.replace('/api/', '') ?? '';
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ok: true, ...answers[method] }));
  });
});
server.listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port);
});
