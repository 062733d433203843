import type { Click, Decided, Refusal } from '../requests/decisions.ts';
import type { Request } from '../requests/request.ts';
import type { NewTask } from '../storage/tasks.ts';
import type { ActionButton } from '../views/action-buttons.ts';
import type { Message } from '../views/message.ts';
import type { TextForm } from '../views/text-modal.ts';

/** A text that somebody submitted. `viewId`: in which Slack view; delivered twice, it counts once. */
type Submitted = { viewId: string; text: string };

type Definition = {
  /** In the audit; `did` follows a person's name in the history, `tried` too when it was refused. */
  audit: { what: string; did: string; tried: string };
  button: (request: Request) => Omit<ActionButton, 'actionId'>;
  /** As it travels to Slack and back. */
  actionId: string;
  /** Does the button make sense for this request, whoever presses it? Everybody sees it; somebody who may not press it is told why. */
  helps: (request: Request) => boolean;
  /** It stands in direct messages to approvers too. */
  isInDirectMessages?: true;
  /** The request waits for whoever may press it. */
  isAwaited?: true;
  /** Why this person may not do it now: for the button and for the press. Undefined: they may. */
  may: (request: Request, click: Click) => Refusal | undefined;
  /** What is to be done because of it. */
  follows: (after: Request) => NewTask[];
  recorded?: (after: Request) => {
    outcome?: string | undefined;
    detail?: { agentId?: number | undefined; soloDelayMs?: number | undefined };
  };
  /** To whoever did it. */
  said: (name: string) => string;
};

/**
 * It happens at the press. `asksForRequester`: Slack is asked whether the requester is still a full member; undefined if it
 * doesn't say in time. `instead`: replaces the message in the channel whose button was pressed.
 */
export type PressAction = Definition & {
  asksForRequester?: true;
  change: (request: Request, click: Click, requester: { hasLeft: boolean } | undefined) => Decided;
  instead?: (after: Request) => Message | undefined;
};

/** It asks for a text first. `isDone`: this very submission was stored before. */
export type TextAction = Definition & {
  form: TextForm;
  isDone?: (request: Request, submitted: Submitted) => boolean;
  change: (request: Request, click: Click, submitted: Submitted) => Decided;
};

/** It opens the form of `/neo-setup`, which calls it when it is submitted. */
export type FormAction<Given> = Definition & {
  opensForm: true;
  isDone: (request: Request, given: Given) => boolean;
  change: (request: Request, click: Click, given: Given) => Decided;
};

/** What the action would make of this request, or why it refuses. Stores nothing. */
export function decided<Given>(
  action: Pick<Definition, 'may'> & {
    isDone?: (request: Request, given: Given) => boolean;
    change: (request: Request, click: Click, given: Given) => Decided;
  },
  request: Request,
  click: Click,
  given: Given,
): Decided {
  if (action.isDone?.(request, given) === true) return { request };
  return action.may(request, click) ?? action.change(request, click, given);
}
