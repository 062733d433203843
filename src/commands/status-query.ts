export type StatusQuery =
  | { ask: 'overview' }
  | { ask: 'help' }
  | { ask: 'request'; number: number }
  | { ask: 'agent'; id: number }
  | { ask: 'email'; email: string }
  | { ask: 'name'; name: string };

const largestInt32 = 2_147_483_647;

/** What somebody wants to know. Slack may hand over an address as `<mailto:a@b.c|a@b.c>`. */
export function readStatusQuery(words: string): StatusQuery {
  const text = words.trim().replace(/^<mailto:[^|>]*\|([^>]*)>$/, '$1');
  if (text === '') return { ask: 'overview' };
  if (/^help$/i.test(text)) return { ask: 'help' };
  const request = numberIn(/^neo-?(\d+)$/i.exec(text)?.[1]);
  if (request !== undefined) return { ask: 'request', number: request };
  const agent = numberIn(/^(\d+)$/.exec(text)?.[1]);
  if (agent !== undefined) return { ask: 'agent', id: agent };
  return /^\S+@\S+$/.test(text) ? { ask: 'email', email: text } : { ask: 'name', name: text };
}

function numberIn(digits: string | undefined): number | undefined {
  const number = Number(digits);
  return number > 0 && number <= largestInt32 ? number : undefined;
}
