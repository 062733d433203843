import type { RequestAction } from '../requests/actions.ts';
import type { Request } from '../requests/request.ts';
import { standing } from './request-card.ts';
import { requestName } from './text.ts';

const done: Record<RequestAction, (name: string) => string> = {
  stop: (name) => `You stopped ${name}.`,
  approve: (name) => `You approved ${name}.`,
  deny: (name) => `You denied ${name}.`,
  ask: (name) => `Your question about ${name} is put to who asked for it, in the thread.`,
  edit: (name) => `You changed ${name}.`,
  withdraw: (name) => `You withdrew ${name}.`,
  check_again: (name) => `HaloPSA is searched for the agent of ${name} again.`,
  try_again: (name) => `${name} is sent to HaloPSA again.`,
  create_anyway: (name) => `The agent of ${name} is created anyway.`,
};

/** To who did it, where the request itself stands below: what they did. */
export function didText(action: RequestAction, request: Request): string {
  return done[action](requestName(request));
}

/** To who did it, where no card shows it to them: what they did, and how the request stands now. */
export function doneText(action: RequestAction, request: Request): string {
  return `${didText(action, request)} ${standing(request)}`;
}
