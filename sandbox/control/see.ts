import { takesLicence } from '../halo/agents.ts';
import type { LocalHalo } from '../halo/local-halo.ts';
import type { LocalSlack } from '../slack/local-slack.ts';
import type { Manifest, Shortcut } from '../slack/manifest.ts';
import type { Ephemeral, Store, StoredMessage } from '../slack/store.ts';
import { bot, channels, people, teamId, type Channel, type Person } from '../slack/workspace.ts';
import type { Demo } from './demo.ts';
import type { Journal } from './journal.ts';
import type { AppTab, Conversation, HaloPage, Message, PersonChip, Screen, ShortcutHint } from './screen.ts';

const maxJournal = 150;

export type Watched = { slack: LocalSlack; halo: LocalHalo; journal: Journal; demo: Demo | undefined };

/** The people who can be acted as, by the name that the control API knows them by. */
export function personNamed(key: string): Person {
  const person = Object.entries(people).find(([name]) => name === key)?.[1];
  if (person === undefined)
    throw new Error(`There is no ${key}; there are ${Object.keys(people).join(', ')}`);
  return person;
}

/** All that this person sees now. */
export function screenOf({ slack, halo, journal, demo }: Watched, key: string): Screen {
  const { store, manifest } = slack;
  const { id } = personNamed(key);
  const home = store.screens.home(id);
  return {
    me: key,
    people: Object.keys(people).map((one) => chipOf(store, one)),
    names: namesIn(store),
    conversations: conversationsOf(slack, id),
    commands: manifest.commands.map(({ command, description, usage_hint: usageHint }) => ({
      command,
      description,
      usageHint,
    })),
    shortcuts: { global: shortcutsOf(slack, id, 'global'), message: shortcutsOf(slack, id, 'message') },
    modals: store.views
      .filter(({ userId, closed }) => userId === id && !closed)
      .map(({ id: viewId, view, values, errors }) => ({
        id: viewId,
        title: view.title.text,
        submit: view.submit?.text,
        close: view.close?.text,
        blocks: view.blocks,
        values,
        errors,
      })),
    appTabs: appTabs(manifest),
    home: home && { id: home.id, blocks: home.view.blocks, values: home.values },
    halo: haloPage(halo),
    journal: journal.lines(maxJournal),
    demo: demo?.view,
  };
}

function shortcutsOf(slack: LocalSlack, userId: string, type: Shortcut['type']): ShortcutHint[] {
  return slack
    .as(userId)
    .shortcuts(type)
    .map(({ callback_id: callbackId, name, description }) => ({ callbackId, name, description }));
}

function appTabs({ hasHomeTab, hasMessagesTab }: Manifest): AppTab[] {
  return [...(hasHomeTab ? (['home'] as const) : []), ...(hasMessagesTab ? (['messages'] as const) : [])];
}

/** The same for a terminal: what is in #msp-ops, and the form on top of it. */
export function screenText(slack: LocalSlack, key: string): string {
  const person = slack.as(personNamed(key).id);
  const messages = person.sees(channels.ops.id).map(({ text, threadTs, ephemeral }) => {
    const mark = ephemeral ? '(only you) ' : threadTs === undefined ? '' : '  ↳ ';
    return `${mark}${text}`;
  });
  const form = person.modal()?.text();
  return `${['#msp-ops', ...messages, ...(form === undefined ? [] : [form])].join('\n\n')}\n`;
}

function chipOf(store: Store, key: string): PersonChip {
  const { id, name, ...person } = store.person(personNamed(key).id);
  return { key, id, name, role: roleOf(store, { id, name, ...person }) };
}

function roleOf(store: Store, person: Person): string {
  if (store.teamOf(person.id) !== teamId) return 'other company';
  if (person.isGuest === true) return 'guest';
  if (person.isOwner === true) return 'owner';
  return person.isAdmin === true ? 'admin' : 'member';
}

function namesIn(store: Store): Record<string, string> {
  const all = [...store.people.values(), ...store.channels.values()].map(({ id, name }) => [id, name]);
  const groups = store.userGroups.map(({ id, handle }) => [id, handle]);
  return Object.fromEntries([...all, ...groups, [bot.userId, store.names.user(bot.userId)]]) as Record<
    string,
    string
  >;
}

function conversationsOf(slack: LocalSlack, userId: string): Conversation[] {
  const { store } = slack;
  const direct = store.directMessage(userId);
  const joined = [...store.channels.values()].filter(
    ({ isIm, members }) => isIm !== true && members.includes(userId),
  );
  return [...joined, direct].map((channel) => ({
    id: channel.id,
    name: channel.isIm === true ? store.names.user(bot.userId) : channel.name,
    kind: kindOf(channel),
    isArchived: channel.isArchived === true,
    messages: messagesIn(slack, channel.id, userId),
  }));
}

function kindOf({ isIm, isPrivate, isExtShared }: Channel): Conversation['kind'] {
  if (isIm === true) return 'im';
  if (isExtShared === true) return 'shared';
  return isPrivate === true ? 'private' : 'public';
}

function messagesIn(slack: LocalSlack, channelId: string, userId: string): Message[] {
  const { store } = slack;
  const stored = new Map<string, StoredMessage | Ephemeral>(
    [...store.messages, ...store.ephemerals].map((one) => [one.ts, one]),
  );
  return slack
    .as(userId)
    .sees(channelId)
    .map(({ ts, threadTs, author, spoken, ephemeral, blocks }) => {
      const kept = stored.get(ts);
      return {
        ts,
        threadTs,
        author,
        byBot: author === store.names.user(bot.userId),
        text: kept?.text ?? '',
        spoken,
        ephemeral,
        blocks,
        values: kept?.values ?? {},
        // Slack marks no message with blocks.
        edited: kept !== undefined && 'updates' in kept && kept.updates > 0 && blocks.length === 0,
      };
    });
}

function haloPage(halo: LocalHalo): HaloPage {
  const { agents, lists, licences } = halo;
  return {
    licences: { total: licences, used: agents.filter(takesLicence).length },
    agents: agents.map(({ id, name, email, isdisabled, isapiagent, teams }) => ({
      id,
      name,
      email,
      isActive: !isdisabled,
      isApiOnly: isapiagent,
      teams: teams.map((team) => team.name),
    })),
    teams: lists.teams.map(({ id, name, department_name: department, inactive }) => ({
      id,
      name,
      department,
      inactive,
      members: agents.filter(({ teams }) => teams.some((team) => team.id === id)).length,
    })),
  };
}
