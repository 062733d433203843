import { z } from 'zod';

const who = z.looseObject({ id: z.string() });
const byPerson = { user: who, team: who.nullish(), enterprise: who.nullish(), channel: who.nullish() };
const view = z.looseObject({ id: z.string(), type: z.string(), blocks: z.array(z.looseObject({})) });

const command = z.looseObject({
  command: z.string(),
  text: z.string().optional(),
  trigger_id: z.string(),
  response_url: z.string(),
  user_id: z.string(),
  channel_id: z.string(),
  team_id: z.string(),
});

const interaction = z.discriminatedUnion('type', [
  z.looseObject({
    ...byPerson,
    type: z.literal('block_actions'),
    trigger_id: z.string(),
    actions: z.array(z.looseObject({ type: z.string(), action_id: z.string(), block_id: z.string() })).min(1),
  }),
  z.looseObject({
    ...byPerson,
    type: z.literal('block_suggestion'),
    action_id: z.string(),
    block_id: z.string(),
    value: z.string(),
  }),
  z.looseObject({ ...byPerson, type: z.enum(['view_submission', 'view_closed']), view }),
  z.looseObject({
    ...byPerson,
    type: z.literal('shortcut'),
    callback_id: z.string(),
    trigger_id: z.string(),
  }),
]);

const event = z.looseObject({
  type: z.literal('event_callback'),
  event: z.looseObject({ type: z.string() }),
  team_id: z.string(),
});

/** What Slack sends, by the type of its envelope: as much of it as Bolt and the listeners rely on. More of it passes. */
export const payloadSchemas = { slash_commands: command, interactive: interaction, events_api: event };

const payload = z.union([command, interaction, event]);
export type Payload = z.infer<typeof payload>;

/** In HTTP mode the kind isn't said. The body stays as it came: a copy by the schema would follow a `__proto__` in it. */
export function isPayload(body: unknown): body is Payload {
  return payload.safeParse(body).success;
}
