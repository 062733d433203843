import { SlackError } from '@slack/web-api';
import { WrongToken } from './slack/connection.ts';
import { isRefusal, whyUnanswered } from './slack/unanswered.ts';
import { StorageUnavailable } from './storage/problems.ts';

/** What the operator must set right before the app can start. The message is a plain sentence. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}

/** Why the app did not start, for a person. Undefined: nobody foresaw it, so its stack is needed. */
export function startProblem(error: unknown): string | undefined {
  const isPlain = [CannotStart, StorageUnavailable, WrongToken].some((kind) => error instanceof kind);
  if (isPlain && error instanceof Error) return error.message;
  if (isRefusal(error)) return `Slack rejected the app’s token (${error.data.error}).`;
  if (error instanceof SlackError) return `${whyUnanswered(error)}.`;
  const { code, port } = facts(error);
  if (code === 'EADDRINUSE') return `Port ${port} is already in use. Set PORT to a different one.`;
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
    return `The app can’t listen on port ${port} (${code}). Check HOST and PORT.`;
  return undefined;
}

function facts(error: unknown): { code: string; port: string } {
  const isListening = error instanceof Error && 'code' in error && 'port' in error;
  return isListening ? { code: String(error.code), port: String(error.port) } : { code: '', port: '' };
}

/** The last line of a start that failed. */
export function lastLine(problem: string | undefined): string {
  const what = problem ?? 'unexpected error. The log above has the details.';
  return `neo-setup could not start: ${what} To find out what to fix, run npm run doctor.\n`;
}
