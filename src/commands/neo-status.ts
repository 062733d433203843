import type { AllMiddlewareArgs, App, SlackCommandMiddlewareArgs } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Person } from '../requests/policy.ts';
import { auditOfRequest } from '../storage/audit/audit.ts';
import { requestStates } from '../requests/request.ts';
import { findRequestByNumber, listRequests } from '../requests/store.ts';
import { escape, requestName } from '../views/text.ts';
import { echo, statusHelp } from '../views/help.ts';
import { words, type Message } from '../views/message.ts';
import { historyAnswer } from '../views/history.ts';
import { commandNames } from '../views/ids.ts';
import type { Dependencies } from '../actions/dependencies.ts';
import { actsInWords } from '../actions/index.ts';
import { readerOf, overviewPage, requestPage } from '../actions/status-pages.ts';
import { respondWith } from '../actions/respond.ts';
import { readStatusQuery } from './status-query.ts';
import { search } from './search.ts';
import { agentPageFor, notFound } from './agent-page.ts';
import { typedText } from './typed-text.ts';

const commandSchema = z.object({ text: typedText, user_id: z.string() });

type CommandArgs = SlackCommandMiddlewareArgs & AllMiddlewareArgs;

export function registerNeoStatus(app: App, deps: Dependencies): void {
  app.command(commandNames.status, (args) => neoStatus(args, deps));
}

/** Somebody types `/neo-status`: acknowledged at once, answered to them alone. */
async function neoStatus({ command, ack, respond, client }: CommandArgs, deps: Dependencies): Promise<void> {
  const { text, user_id: userId } = commandSchema.parse(command);
  await ack();
  const answer = (message: Message) => respondWith(respond, message, { response_type: 'ephemeral' });
  const who = await readerOf(deps, { id: userId });
  await answer('refusal' in who ? words(who.refusal) : await answerTo(deps, client, who.reader, text));
}

async function answerTo(
  deps: Dependencies,
  client: WebClient,
  reader: Person,
  text: string,
): Promise<Message> {
  const { db, identity } = deps;
  const query = readStatusQuery(text);
  switch (query.ask) {
    case 'overview':
      return overviewPage(deps, reader, 0);
    case 'help':
      return words(statusHelp());
    case 'request': {
      const request = await findRequestByNumber(db, identity.teamId, query.number);
      if (request !== undefined) return requestPage(deps, client, { request, reader });
      // An agent may be called so.
      return /\s/.test(text) ? search(deps, client, reader, { by: 'name', text }) : noSuchRequest(deps, text);
    }
    case 'history': {
      const request = await findRequestByNumber(db, identity.teamId, query.number);
      if (request === undefined) return noSuchRequest(deps, text.replace(/\s+history.*$/i, ''));
      return historyAnswer(request, await auditOfRequest(db, request.id), query.page, actsInWords);
    }
    case 'agent':
      return agentPageFor(deps, reader, query.id);
    case 'email':
      return search(deps, client, reader, { by: 'email', text: query.email });
    case 'name':
      return search(deps, client, reader, { by: 'name', text: query.name });
  }
}

async function noSuchRequest({ db, identity }: Dependencies, text: string): Promise<Message> {
  const { requests } = await listRequests(db, identity.teamId, requestStates, 1);
  const [newest] = requests;
  return notFound(
    `There is no request ${echo(text)}.`,
    newest && `The newest is ${requestName(newest)} (${escape(newest.plan.name)}).`,
  );
}
