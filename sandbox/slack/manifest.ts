import { parse } from 'yaml';
import { z } from 'zod';

/** Lengths and counts of Slack's manifest schema, version 2. Its objects are closed. */
const text = (least: number, most: number) =>
  z.string().refine((value) => {
    const length = Array.from(value).length;
    return length >= least && length <= most;
  }, `must have ${least} to ${most} characters`);

const displaySchema = z.strictObject({
  name: text(1, 35),
  description: text(1, 140).optional(),
  long_description: text(175, 4000).optional(),
  background_color: z
    .string()
    .regex(/^#(?:[0-9a-f]{3}){1,2}$/i)
    .optional(),
});
const commandSchema = z.strictObject({
  command: text(2, 32).startsWith('/'),
  description: text(1, 2000),
  usage_hint: text(0, 1000).default(''),
  should_escape: z.boolean().default(false),
  url: z.string().optional(),
});
const shortcutSchema = z.strictObject({
  name: text(1, 24),
  type: z.enum(['global', 'message']),
  callback_id: text(1, 255),
  description: text(1, 150),
});
const mostOfEach = 5;

const manifestSchema = z.object({
  display_information: displaySchema,
  features: z.object({
    slash_commands: z.array(commandSchema).default([]),
    shortcuts: z
      .array(shortcutSchema)
      .default([])
      .refine(
        (all) =>
          ['global', 'message'].every((kind) => all.filter(({ type }) => type === kind).length <= mostOfEach),
        `must be ${mostOfEach} of each type at most`,
      ),
    bot_user: z
      .strictObject({ display_name: text(1, 80), always_online: z.boolean().default(false) })
      .optional(),
    app_home: z
      .strictObject({
        home_tab_enabled: z.boolean().default(false),
        messages_tab_enabled: z.boolean().default(true),
        messages_tab_read_only_enabled: z.boolean().default(true),
      })
      .prefault({}),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z
    .object({
      event_subscriptions: z.object({ bot_events: z.array(z.string()).max(100).default([]) }).prefault({}),
      interactivity: z.object({ is_enabled: z.boolean() }).default({ is_enabled: false }),
    })
    .prefault({}),
});

export type Command = z.infer<typeof commandSchema>;
export type Shortcut = z.infer<typeof shortcutSchema>;

/** What the app declared: all that this Slack lets it have. */
export type Manifest = {
  scopes: readonly string[];
  commands: readonly Command[];
  shortcuts: readonly Shortcut[];
  events: readonly string[];
  isInteractive: boolean;
  hasHomeTab: boolean;
  hasMessagesTab: boolean;
};

/**
 * Reads manifest.yml.
 * @throws ZodError where Slack would not take it
 * @throws when commands or shortcuts are declared without the scope `commands`
 */
export function readManifest(yaml: string): Manifest {
  const { features, oauth_config: oauth, settings } = manifestSchema.parse(parse(yaml));
  const scopes = oauth.scopes.bot;
  const { slash_commands: commands, shortcuts } = features;
  if (commands.length + shortcuts.length > 0 && !scopes.includes('commands'))
    throw new Error('manifest.yml declares commands or shortcuts without the scope commands');
  return {
    scopes,
    commands,
    shortcuts,
    events: settings.event_subscriptions.bot_events,
    isInteractive: settings.interactivity.is_enabled,
    hasHomeTab: features.app_home.home_tab_enabled,
    hasMessagesTab: features.app_home.messages_tab_enabled,
  };
}
