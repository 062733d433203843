import { ReceiverMultipleAckError, type App, type Logger as SlackLogger, type Receiver } from '@slack/bolt';
import { getGlobalDispatcher } from 'undici';
import { EnvironmentProxies } from '../proxy.ts';
import { limitedFetch } from './limited-fetch.ts';
import { SlackSocket, type Envelope } from './socket.ts';
import { stayConnected } from './stay-connected.ts';
import type { WaitingAcks } from './waiting-acks.ts';

export type SocketReceiver = {
  receiver: Receiver;
  /** Can payloads of Slack reach us? */
  isConnected: () => boolean;
  /** Leaves the connection for a new one. Does nothing while one is being made. */
  renew: () => void;
};

/** Milliseconds. */
const helloTimeoutMs = 30_000;

/**
 * Payloads that Slack sends through a socket, which is made again whenever it ends. `start` resolves when Slack has
 * greeted for the first time, and throws when Slack refuses the app token.
 */
export function createSocketReceiver(
  slack: { appToken: string; apiUrl: string },
  logger: SlackLogger,
  acks: Pick<WaitingAcks, 'begin'>,
): SocketReceiver {
  let app: App | undefined;
  let socket: SlackSocket | undefined;
  let running: Promise<void> | undefined;
  const stopping = new AbortController();

  const newSocket = () =>
    new SlackSocket(socketOptions(slack, logger), {
      onEnvelope: (envelope, answer) => {
        const acknowledged = acks.begin();
        const answerOnce = async (payload: object) => {
          await answer(payload);
          acknowledged();
        };
        dispatch(app, envelope, answerOnce)
          .catch(() => {
            // What a listener throws ends at the boundary, so this comes from Bolt's own reading of the payload.
            logger.warn('Bolt could not read a payload, it is ignored');
          })
          .finally(acknowledged);
      },
      onNonsense: () => {
        logger.warn('Slack sent a frame that is not understood, it is ignored');
      },
    });

  async function connect(onOpen: () => void): Promise<void> {
    const current = newSocket();
    socket = current;
    try {
      await greeted(current);
      onOpen();
      await current.ended;
    } finally {
      current.leave();
    }
  }

  return {
    receiver: {
      init: (bolt) => {
        app = bolt;
      },
      start: () =>
        new Promise<void>((resolve, reject) => {
          const connectAndTell = (onOpen: () => void) =>
            connect(() => {
              onOpen();
              resolve();
            });
          running = stayConnected(connectAndTell, { signal: stopping.signal, logger }).catch(reject);
        }),
      stop: async () => {
        stopping.abort();
        socket?.leave();
        await running;
      },
    },
    isConnected: () => socket?.isOpen === true,
    renew: () => {
      if (socket?.isOpen === true) socket.leave();
    },
  };
}

function socketOptions({ appToken, apiUrl }: { appToken: string; apiUrl: string }, logger: SlackLogger) {
  const clientOptions = {
    slackApiUrl: apiUrl,
    fetch: limitedFetch,
    timeout: 10_000,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  };
  const dispatcher = getGlobalDispatcher();
  // The SDK’s own dispatcher ends sockets that Slack leaves open, and knows of no proxy.
  const viaProxy = dispatcher instanceof EnvironmentProxies ? { dispatcher } : {};
  return { appToken, logger, clientPingTimeout: 5_000, clientOptions, ...viaProxy };
}

async function dispatch(
  app: App | undefined,
  envelope: Envelope,
  answer: (payload: object) => Promise<void>,
): Promise<void> {
  let isAnswered = false;
  const ack = async (response?: unknown) => {
    if (isAnswered) throw new ReceiverMultipleAckError();
    isAnswered = true;
    await answer(answerOf(response));
  };
  const retry = envelope.type === 'events_api' ? envelope : undefined;
  await app?.processEvent({
    body: envelope.payload,
    ack,
    ...(retry?.retry_attempt !== undefined && { retryNum: retry.retry_attempt }),
    ...(retry?.retry_reason !== undefined && { retryReason: retry.retry_reason }),
  });
}

/** Slack takes an object, which is empty when there is nothing to say. */
function answerOf(response: unknown): object {
  if (typeof response === 'string') return { text: response };
  return typeof response === 'object' && response !== null ? response : {};
}

/** Resolves when Slack has greeted. @throws SDK errors, or when the connection ends or stays silent before that */
async function greeted(socket: SlackSocket): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error('Slack did not greet in time'));
    }, helloTimeoutMs);
  });
  const end = socket.ended.then(() => {
    throw new Error('The connection ended before Slack greeted');
  });
  try {
    await Promise.race([socket.start(), end, silence]);
  } finally {
    clearTimeout(timer);
  }
}
