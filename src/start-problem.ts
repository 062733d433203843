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
  if (isRefusal(error)) return `Slack does not accept the app’s token: it says ${error.data.error}.`;
  if (error instanceof SlackError) return `${whyUnanswered(error)}.`;
  const { code, port } = facts(error);
  if (code === 'EADDRINUSE') return `Port ${port} is in use by another program: set PORT to another one.`;
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
    return `This process may not listen on PORT ${port} of HOST (${code}).`;
  return undefined;
}

function facts(error: unknown): { code: string; port: string } {
  const isListening = error instanceof Error && 'code' in error && 'port' in error;
  return isListening ? { code: String(error.code), port: String(error.port) } : { code: '', port: '' };
}

/** The last line of a start that failed. */
export function lastLine(problem: string | undefined): string {
  const what = problem ?? 'something broke, and the log above has its details.';
  return `neo-setup could not start: ${what} To see what to fix, run npm run doctor.\n`;
}
