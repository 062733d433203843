export type StatusQuery =
  | { ask: 'overview' }
  | { ask: 'help' }
  | { ask: 'request'; number: number }
  | { ask: 'history'; number: number; page: number | undefined }
  | { ask: 'agent'; id: number }
  | { ask: 'email'; email: string }
  | { ask: 'name'; name: string };

const largestInt32 = 2_147_483_647;

/** As people write NEO-12: with any dash, a blank or nothing between, or as #12. */
const requestName = String.raw`(?:neo[\s\p{Pd}\u2212_#]*|#\s*)(\d+)`;
const request = new RegExp(`^${requestName}$`, 'iu');
const history = new RegExp(`^${requestName}\\s+history(?:\\s+(\\d+))?$`, 'iu');

/** What somebody wants to know. Quotation marks around it and characters that nobody sees say nothing. */
export function readStatusQuery(words: string): StatusQuery {
  const text = words
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .trim()
    .replace(/^["'“”‘’«»„‚`]+|["'“”‘’«»„‚`]+$/gu, '')
    .trim();
  if (text === '') return { ask: 'overview' };
  if (/^help$/i.test(text)) return { ask: 'help' };
  const plain = text.normalize('NFKC');
  const [, number] = request.exec(plain) ?? [];
  if (number !== undefined) return { ask: 'request', number: int32(number) };
  const [, past, page] = history.exec(plain) ?? [];
  if (past !== undefined)
    return { ask: 'history', number: int32(past), page: page === undefined ? undefined : int32(page) };
  if (/^\d+$/.test(plain)) return { ask: 'agent', id: int32(plain) };
  return /^\S+@\S+$/.test(text) ? { ask: 'email', email: text } : { ask: 'name', name: text };
}

/** 0, which nothing has as its number, for what is too large to be one. */
function int32(digits: string): number {
  const number = Number(digits);
  return number <= largestInt32 ? number : 0;
}
