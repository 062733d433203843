import type { AllMiddlewareArgs, AnyMiddlewareArgs, App } from '@slack/bolt';
import type { Logger } from 'pino';
import { UnreadableRequest } from '../requests/store.ts';
import { broken, unreadable, type Changed } from '../views/refusals.ts';
import {
  isButton,
  isCommand,
  isOptions,
  isShortcut,
  isSubmission,
  underFirstField,
  type SubmissionArgs,
} from './interactions.ts';

export type Boundary = {
  /** Resolves once every listener has finished. */
  idle: () => Promise<void>;
};

type Args = AnyMiddlewareArgs & AllMiddlewareArgs;

/**
 * The first middleware: whatever a listener throws ends here. Slack is answered, because Bolt would leave it
 * waiting; the person reads what can be said truthfully; the log gets the error with the same reference.
 */
export function registerBoundary(app: App, deps: { log: Logger; newReference: () => string }): Boundary {
  const { log, newReference } = deps;
  let working = 0;
  let waiting: (() => void)[] = [];
  app.use(async (args) => {
    working += 1;
    try {
      await args.next();
    } catch (error) {
      const reference = newReference();
      log.error({ err: error, reference, type: args.body.type }, 'listener failed');
      const because = (changed: Changed) =>
        error instanceof UnreadableRequest ? unreadable(reference) : broken(changed, reference);
      await answerPerson(args, because).catch((failure: unknown) => {
        log.error({ err: failure, reference }, 'person could not be told');
      });
    } finally {
      working -= 1;
      if (working === 0) {
        for (const resolve of waiting) resolve();
        waiting = [];
      }
    }
  });
  return {
    idle: () => (working === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}

async function answerPerson(args: Args, because: (changed: Changed) => string): Promise<void> {
  if (isOptions(args)) return args.ack({ options: [] });
  if (isShortcut(args)) {
    await args.ack().catch(alreadyAnswered);
    // A shortcut has no place of its own.
    await args.client.chat.postMessage({ channel: args.body.user.id, text: because('nothing') });
    return;
  }
  if (isCommand(args) || isButton(args)) {
    await args.ack().catch(alreadyAnswered);
    const changed: Changed = isCommand(args) ? 'nothing' : 'unsure';
    const text = because(changed);
    // Slack gives a button on the Home tab no address to answer to.
    if (isButton(args) && !Object.hasOwn(args.body, 'response_url')) {
      await args.client.chat.postMessage({ channel: args.body.user.id, text });
      return;
    }
    await args.respond({ response_type: 'ephemeral', replace_original: false, text });
  } else if (isSubmission(args)) {
    await showUnderField(args, because('unsure'));
  }
}

/** The form stays open with all that was entered; if Slack has its answer already, a direct message must do. */
async function showUnderField(args: SubmissionArgs, text: string): Promise<void> {
  try {
    await args.ack(underFirstField(args.view, text));
  } catch {
    await args.client.chat.postMessage({ channel: args.body.user.id, text });
  }
}

/** Bolt refuses a second answer: then Slack has had one. */
function alreadyAnswered(): void {}
