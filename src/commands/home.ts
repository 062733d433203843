import type { AllMiddlewareArgs, App, BlockAction, SlackEventMiddlewareArgs } from '@slack/bolt';
import type { HomeView } from '@slack/types';
import { z } from 'zod';
import { mayRequest } from '../requests/policy.ts';
import type { Drawing } from '../slack/homes.ts';
import { closedHome, homeView } from '../views/home.ts';
import { actionIds } from '../views/ids.ts';
import type { ButtonArgs } from '../actions/answer.ts';
import { userSchema } from '../actions/clicks.ts';
import type { Dependencies } from '../actions/dependencies.ts';
import { openSetupForm } from './open-setup-form.ts';
import { unlessTooLate } from '../actions/open-views.ts';
import { overviewItems, readerOf } from '../actions/status-pages.ts';

type OpenedArgs = SlackEventMiddlewareArgs<'app_home_opened'> & AllMiddlewareArgs;

export function registerHome(app: App, deps: Dependencies): void {
  app.event('app_home_opened', (args) => homeOpened(args, deps));
  app.action<BlockAction>(actionIds.openSetup, (args) => setUpFromHome(args, deps));
}

/** Somebody opens the app: its Home tab shows how things stand now. */
async function homeOpened({ event }: OpenedArgs, { homes }: Dependencies): Promise<void> {
  if (event.tab === 'home') await homes.show(event.user);
}

const pressSchema = z.object({ user: userSchema, trigger_id: z.string() });

/** Somebody presses Set up Neo Agent: the form opens, and asks for a channel if the configuration names none. */
async function setUpFromHome({ ack, body, client, respond }: ButtonArgs, deps: Dependencies): Promise<void> {
  const { user, trigger_id: triggerId } = pressSchema.parse(body);
  const opening = { triggerId, userId: user.id, channel: deps.config.approvalsChannel };
  await unlessTooLate({ respond }, deps, { user, place: 'home' }, () =>
    Promise.all([ack(), openSetupForm(deps, client, opening)]),
  );
}

/** The Home tab of one person, as things stand now. */
export async function drawHome(
  deps: Omit<Dependencies, 'homes' | 'wake'>,
  userId: string,
  { page = 0, notice }: Drawing,
): Promise<HomeView> {
  const who = await readerOf(deps, { id: userId });
  if ('refusal' in who) return closedHome(who.refusal);
  const maySetUp = mayRequest(who.reader, deps.config.policy.requesters) === undefined;
  const items = await overviewItems(deps, who.reader);
  return homeView({ items, page, reader: userId, maySetUp, notice });
}
