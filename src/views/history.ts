import type { Request } from '../requests/request.ts';
import { kept, message, paragraph, small, type Message } from './message.ts';
import type { AuditedCall, EventWhat } from '../storage/audit/record.ts';
import type { AuditRecord } from '../storage/audit/audit.ts';
import { commandNames } from './ids.ts';
import { escape, mention, moment, requestName } from './text.ts';
import { cut } from '../text/cut.ts';

/** `did` follows a person's name, `tried` too when it was refused. */
type Act = { did: string; tried: string };
type Sentence = Act | { itself: string };

const events: Record<EventWhat, Sentence> = {
  form_opened: { did: 'opened the form', tried: 'tried to open the form' },
  submitted: { did: 'requested it', tried: 'tried to request it' },
  unopposed: { itself: 'Nobody stopped it in time, so it went ahead without a second person' },
  needs_approver: { itself: 'It needs an approval from a second person' },
  expired: { itself: 'It expired: nobody decided in time' },
  drift_found: { itself: 'The agent no longer matches its settings' },
  drift_over: { itself: 'The agent is as it was set up again' },
  repair_asked: { did: 'requested a repair', tried: 'tried to request a repair' },
  repairing: { itself: 'Restoring the agent’s settings' },
  provisioning_started: { itself: 'Started in HaloPSA' },
  waiting_for_halo: { itself: 'Waiting for HaloPSA' },
  waiting_over: { itself: 'The wait for HaloPSA was over' },
  creating: { itself: 'About to create the agent' },
  not_alone: { itself: 'Another request is about to create the same agent, so this one does not' },
  created: { itself: 'HaloPSA created the agent' },
  not_ours: { itself: 'The agent with the ID that HaloPSA answered is another one: it was not touched' },
  create_refused: { itself: 'HaloPSA rejected the agent' },
  create_not_taken: { itself: 'HaloPSA did not take the agent now' },
  looking: { itself: 'Checking in HaloPSA whether the agent was created' },
  found: { itself: 'The agent was found in HaloPSA' },
  done: { itself: 'Done: HaloPSA has every setting as requested' },
  incomplete: { itself: 'Done, but not every setting is confirmed' },
  failed: { itself: 'It failed' },
  looked: { did: 'looked at it', tried: 'tried to look at it' },
  drift_checked: { did: 'had its agent compared with the plan', tried: 'tried to have its agent compared' },
  claim_released: { itself: 'HaloPSA has no agent of it: other requests may use its name and address' },
};

/** The lines of a page stand in one section. */
const maxPageText = 3000;
const maxLine = 900;

/**
 * What happened to a request, oldest first, refused attempts too. `page` counts from 1; undefined or none of them:
 * the last, which is the latest. `acts`: what people do with a request, in words.
 */
export function historyAnswer(
  request: Request,
  records: readonly AuditRecord[],
  page: number | undefined,
  acts: ReadonlyMap<string, Act>,
): Message {
  const sentences = new Map<string, Sentence>([...Object.entries(events), ...acts]);
  const pages = pagesOf(records.map((record) => line(record, sentences)));
  const shown = page !== undefined && page >= 1 && page <= pages.length ? page : pages.length;
  const name = requestName(request);
  const title = `*${name}* ${escape(cut(request.plan.name, 100))}: history`;
  const lines = pages[shown - 1]?.join('\n') ?? 'Nothing is recorded.';
  const others = `Page ${shown} of ${pages.length}. \`${commandNames.status} ${name} history 1\` shows the first.`;
  const more = pages.length > 1 ? others : undefined;
  return message([
    paragraph(title),
    kept(paragraph(lines)),
    ...(more === undefined ? [] : [kept(small(more))]),
  ]);
}

/** As many lines as fit on each page. */
function pagesOf(lines: readonly string[]): string[][] {
  const pages: string[][] = [];
  for (const one of lines) {
    const page = pages.at(-1);
    if (page !== undefined && [...page, one].join('\n').length <= maxPageText) page.push(one);
    else pages.push([one]);
  }
  return pages;
}

function line(record: AuditRecord, sentences: ReadonlyMap<string, Sentence>): string {
  const { at, outcome, detail } = record;
  const { refused, reference, repeats, fields = [], step, changed, agentId, calls = [] } = detail;
  const facts = [
    refused === undefined ? outcomeWords(outcome) : `refused: ${words(refused)}`,
    repeats !== undefined && `and ${repeats} times more before`,
    step && `at the step “${words(step)}”`,
    changed && `changed: ${words(changed)}`,
    fields.length > 0 && `fields: ${fields.map(words).join(', ')}`,
    agentId !== undefined && `agent ID ${agentId}`,
    reference && `reference \`${reference}\``,
  ].filter((fact) => typeof fact === 'string' && fact !== '');
  const said = [sentenceOf(record, sentences.get(record.what)), ...facts].join(', ');
  const asked = calls.length === 0 ? '' : ` HaloPSA: ${callWords(calls).join(', ')}.`;
  return cut(`• ${moment(at)}: ${said}.${asked}`, maxLine);
}

/** Undefined: something that this version no longer does. */
function sentenceOf({ what, by, outcome }: AuditRecord, sentence: Sentence | undefined): string {
  const who = by === null ? 'Somebody' : mention(by);
  if (sentence === undefined) return `${who}: ${words(what)}`;
  if ('itself' in sentence) return by === null ? sentence.itself : `${who}: ${sentence.itself}`;
  return `${who} ${outcome === 'refused' ? sentence.tried : sentence.did}`;
}

function outcomeWords(outcome: string): string {
  return outcome === 'ok' ? '' : words(outcome);
}

/** Names in the code are words with underscores. */
function words(name: string): string {
  return escape(name.replaceAll('_', ' '));
}

/** Calls as they were made, the same ones in a row once. */
function callWords(calls: readonly AuditedCall[]): string[] {
  const runs: { call: string; times: number }[] = [];
  for (const { method, path, status, kind } of calls) {
    const call = escape(`${method} ${path} ${status ?? words(kind)}`);
    const last = runs.at(-1);
    if (last?.call === call) last.times += 1;
    else runs.push({ call, times: 1 });
  }
  return runs.map(({ call, times }) => (times === 1 ? call : `${call} (${times} times)`));
}
