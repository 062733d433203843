import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  HTTPModuleFunctions,
  HTTPResponseAck,
  isRawBodyError,
  type App,
  type BufferedIncomingMessage,
  type Logger as SlackLogger,
  type Receiver,
} from '@slack/bolt';
import { z } from 'zod';
import type { Route } from '../server.ts';
import { isPayload, type Payload } from './payloads.ts';
import type { WaitingAcks } from './waiting-acks.ts';

/** Bytes. Slack's largest payload is a submitted view, and Slack refuses views above 250 kB. */
export const bodyLimit = 256 * 1024;

/** Milliseconds. A stranger could fill the log with refused requests. */
const reportEveryMs = 10_000;

const sslCheckSchema = z.looseObject({ ssl_check: z.literal('1') });
const challengeSchema = z.looseObject({ type: z.literal('url_verification'), challenge: z.string() });

/** The request is answered with this status, and not looked at any further. */
class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  constructor(status: number, reason: string) {
    super(reason);
    this.status = status;
  }
}

/**
 * Payloads that Slack sends by signed HTTP requests. Bolt's own receiver hands a signed `null` to code that ends the
 * process, so only what has the shape of a payload gets to Bolt; the rest is answered 4xx.
 */
export function createHttpReceiver(
  signingSecret: string,
  logger: SlackLogger,
  acks: Pick<WaitingAcks, 'begin'>,
): { receiver: Receiver; route: Route } {
  let app: App | undefined;
  const report = createReport(logger);

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    try {
      const request = await readRequest(req, signingSecret);
      const body = readBody(request);
      if (sslCheckSchema.safeParse(body).success) HTTPModuleFunctions.buildSSLCheckResponse(res);
      else if (isPayload(body)) await dispatch(body, request, res);
      else HTTPModuleFunctions.buildUrlVerificationResponse(res, challengeOf(body));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      report(error);
      if (!res.headersSent) HTTPModuleFunctions.buildNoBodyResponse(res, error.status);
      // The rest of a body that is too large is thrown away as it comes: unread, it would keep the connection open.
      req.resume();
    }
  }

  async function dispatch(body: Payload, request: BufferedIncomingMessage, res: ServerResponse) {
    if (app === undefined) throw new Refused(503, 'the app is still starting');
    const ack = new HTTPResponseAck({
      logger,
      processBeforeResponse: false,
      httpRequest: request,
      httpRequestBody: body,
      httpResponse: res,
    });
    const acknowledged = acks.begin();
    res.once('close', acknowledged);
    const retryNum = HTTPModuleFunctions.extractRetryNumFromHTTPRequest(request);
    const retryReason = HTTPModuleFunctions.extractRetryReasonFromHTTPRequest(request);
    try {
      await app.processEvent({
        body,
        ack: async (response) => {
          await ack.bind()(response);
          acknowledged();
        },
        ...(retryNum !== undefined && { retryNum }),
        ...(retryReason !== undefined && { retryReason }),
      });
    } catch {
      // What a listener throws ends at the boundary, so this comes from Bolt's own reading of the payload.
      ack.ack();
      throw new Refused(400, 'Bolt could not read the payload');
    }
  }

  return {
    receiver: {
      init: (bolt) => {
        app = bolt;
      },
      start: () => Promise.resolve(),
      stop: () => Promise.resolve(),
    },
    route: { method: 'POST', path: '/slack/events', handle },
  };
}

/** The request with its body, once its signature is verified. @throws {Refused} */
async function readRequest(req: IncomingMessage, signingSecret: string): Promise<BufferedIncomingMessage> {
  try {
    return await HTTPModuleFunctions.parseAndVerifyHTTPRequest({ signingSecret, bodyLimit }, req);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    throw new Refused(isRawBodyError(error) ? error.statusCode : 401, reason);
  }
}

/** @throws {Refused} */
function readBody(request: BufferedIncomingMessage): unknown {
  try {
    return HTTPModuleFunctions.parseHTTPRequestBody(request);
  } catch {
    throw new Refused(400, 'body is neither JSON nor a form');
  }
}

/** Slack asks for its challenge back when the address is entered in the app's settings. @throws {Refused} */
function challengeOf(body: unknown) {
  const { data } = challengeSchema.safeParse(body);
  if (data === undefined) throw new Refused(400, 'body is not a payload of Slack');
  return data;
}

/** Logs what was refused: one at a time, with how many there were since. */
function createReport(logger: SlackLogger): (refused: Refused) => void {
  let reportedAt = -Infinity;
  let unreported = 0;
  return ({ status, message }) => {
    if (performance.now() - reportedAt < reportEveryMs) {
      unreported += 1;
      return;
    }
    reportedAt = performance.now();
    logger.warn(`Refused a request with ${status}: ${message} (and ${unreported} more before it)`);
    unreported = 0;
  };
}
