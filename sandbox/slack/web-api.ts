import type { Method } from './methods/answer.ts';
import { chatMethods } from './methods/chat.ts';
import { conversationMethods } from './methods/conversations.ts';
import { peopleMethods } from './methods/people.ts';
import { viewMethods } from './methods/views.ts';

/** The Web API methods of this Slack, with the scope and the rate limit of each. */
export const methods: Record<string, Method> = {
  ...viewMethods,
  ...chatMethods,
  ...peopleMethods,
  ...conversationMethods,
};

const jsonArguments = ['view', 'blocks', 'metadata', 'attachments'];

/** The SDK sends forms whose nested values are JSON text. What is no JSON stays as it is. */
export async function readArguments(request: Request): Promise<Record<string, unknown>> {
  const form = new URLSearchParams(await request.text());
  return Object.fromEntries(
    [...form].map(([key, value]) => [key, jsonArguments.includes(key) ? parsed(value) : value]),
  );
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
