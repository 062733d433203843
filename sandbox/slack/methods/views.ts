import { checkHome, checkView } from '../block-kit.ts';
import { homeOutput, viewOutput } from '../payloads.ts';
import { refuse, type Answer, type Args, type Method, type Slack } from './answer.ts';

export const viewMethods: Record<string, Method> = {
  'views.open': { tier: 4, run: open },
  'views.push': { tier: 4, run: push },
  'views.update': { tier: 4, run: update },
  'views.publish': { tier: 4, run: publish },
};

function open({ store, manifest }: Slack, args: Args): Answer {
  const cause = store.useTrigger(String(args['trigger_id']));
  if ('error' in cause) return refuse(cause.error);
  const checked = checkView(args['view'], manifest);
  if ('errors' in checked) return refuse(checked.error, checked.errors);
  if (store.screens.hasExternalId(checked.value.external_id)) return refuse('duplicate_external_id');
  const opened = store.screens.open(cause.userId, checked.value, cause.conversation);
  return { ok: true, view: viewOutput(opened) };
}

/** Works with the trigger of something that was done in a modal. */
function push({ store, manifest }: Slack, args: Args): Answer {
  const cause = store.useTrigger(String(args['trigger_id']));
  if ('error' in cause) return refuse(cause.error);
  if (cause.viewId === undefined) return refuse('invalid_trigger_id');
  const below = store.screens.find({ view_id: cause.viewId });
  if (below === undefined) return refuse('not_found');
  const checked = checkView(args['view'], manifest);
  if ('errors' in checked) return refuse(checked.error, checked.errors);
  if (store.screens.hasExternalId(checked.value.external_id)) return refuse('duplicate_external_id');
  const pushed = store.screens.push(below, checked.value);
  return pushed === undefined ? refuse('push_limit_reached') : { ok: true, view: viewOutput(pushed) };
}

function update({ store, manifest }: Slack, args: Args): Answer {
  const found = store.screens.find(args);
  if (found === undefined) return refuse('not_found');
  if (args['hash'] !== undefined && args['hash'] !== found.hash) return refuse('hash_conflict');
  const checked = checkView(args['view'], manifest);
  if ('errors' in checked) return refuse(checked.error, checked.errors);
  if (store.screens.hasExternalId(checked.value.external_id, found)) return refuse('duplicate_external_id');
  store.screens.replace(found, checked.value);
  return { ok: true, view: viewOutput(found) };
}

function publish({ store, manifest }: Slack, args: Args): Answer {
  if (!manifest.hasHomeTab) return refuse('not_enabled');
  const userId = String(args['user_id']);
  if (!store.people.has(userId))
    return refuse('invalid_arguments', ['[ERROR] invalid user [json-pointer:/user_id]']);
  const before = store.screens.home(userId);
  if (args['hash'] !== undefined && args['hash'] !== before?.hash) return refuse('hash_conflict');
  const checked = checkHome(args['view'], manifest);
  if ('errors' in checked) return refuse(checked.error, checked.errors);
  if (store.screens.hasExternalId(checked.value.external_id, before)) return refuse('duplicate_external_id');
  return { ok: true, view: homeOutput(store.screens.publish(userId, checked.value)) };
}
