export type StatusQuery =
  | { ask: 'overview' }
  | { ask: 'help' }
  | { ask: 'request'; number: number }
  | { ask: 'history'; number: number; page: number | undefined }
  | { ask: 'agent'; id: number }
  | { ask: 'email'; email: string }
  | { ask: 'name'; name: string };

const largestInt32 = 2_147_483_647;

/** What somebody wants to know. Slack may hand over an address as `<mailto:a@b.c|a@b.c>`. */
export function readStatusQuery(words: string): StatusQuery {
  const text = words.trim().replace(/^<mailto:[^|>]*\|([^>]*)>$/, '$1');
  if (text === '') return { ask: 'overview' };
  if (/^help$/i.test(text)) return { ask: 'help' };
  const [, request] = /^neo-?(\d+)$/i.exec(text) ?? [];
  if (request !== undefined) return { ask: 'request', number: int32(request) };
  const [, past, page] = /^neo-?(\d+)\s+history(?:\s+(\d+))?$/i.exec(text) ?? [];
  if (past !== undefined)
    return { ask: 'history', number: int32(past), page: page === undefined ? undefined : int32(page) };
  if (/^\d+$/.test(text)) return { ask: 'agent', id: int32(text) };
  return /^\S+@\S+$/.test(text) ? { ask: 'email', email: text } : { ask: 'name', name: text };
}

/** 0, which nothing has as its number, for what is too large to be one. */
function int32(digits: string): number {
  const number = Number(digits);
  return number <= largestInt32 ? number : 0;
}
