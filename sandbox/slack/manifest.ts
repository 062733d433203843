import { parse } from 'yaml';
import { z } from 'zod';

/**
 * Lengths, counts and forms of Slack's manifest schema, version 2 (slackapi/manifest-schema). Its objects are
 * closed. What this Slack has nothing of (workflow steps, functions, agents) it does not take.
 */
const text = (least: number, most: number) =>
  z.string().refine((value) => {
    const length = Array.from(value).length;
    return length >= least && length <= most;
  }, `must have ${least} to ${most} characters`);
const url = (most: number) => text(0, most).regex(/^https?:\/\//);
const list = <T extends z.ZodType>(item: T, most: number, least = 0) => z.array(item).min(least).max(most);
/** None of them twice. */
const set = <T extends z.ZodType>(item: T, most: number, least = 0) =>
  list(item, most, least).refine(
    (all) => new Set(all.map((one) => JSON.stringify(one))).size === all.length,
    'must not have one twice',
  );

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
  usage_hint: text(1, 1000).default(''),
  should_escape: z.boolean().default(false),
  url: url(3000).optional(),
});
const shortcutSchema = z.strictObject({
  name: text(1, 24),
  type: z.enum(['global', 'message']),
  callback_id: text(1, 255),
  description: text(1, 150),
});
const maxOfEach = 5;

const featuresSchema = z.strictObject({
  slash_commands: list(commandSchema, 50, 1).default([]),
  shortcuts: z
    .array(shortcutSchema)
    .default([])
    .refine(
      (all) =>
        ['global', 'message'].every((kind) => all.filter(({ type }) => type === kind).length <= maxOfEach),
      `must be ${maxOfEach} of each type at most`,
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
  unfurl_domains: set(text(1, 255), 5, 1).optional(),
});

const scopes = list(text(0, 50), 255);
const oauthSchema = z.strictObject({
  redirect_urls: set(text(0, 2500), 1000).optional(),
  scopes: z.strictObject({
    bot: scopes,
    bot_optional: scopes.optional(),
    user: scopes.optional(),
    user_optional: scopes.optional(),
  }),
  pkce_enabled: z.boolean().optional(),
  token_management_enabled: z.boolean().optional(),
});

const events = set(text(0, 50), 100);
const settingsSchema = z.strictObject({
  event_subscriptions: z
    .strictObject({
      request_url: url(3500).optional(),
      bot_events: events.default([]),
      user_events: events.optional(),
      metadata_subscriptions: set(
        z.strictObject({ app_id: z.string(), event_type: text(0, 50) }),
        20,
        1,
      ).optional(),
    })
    .prefault({}),
  interactivity: z
    .strictObject({
      is_enabled: z.boolean(),
      request_url: url(3500).optional(),
      message_menu_options_url: url(3500).optional(),
    })
    .default({ is_enabled: false }),
  allowed_ip_address_ranges: set(z.union([z.ipv4(), z.cidrv4()]), 50, 1).optional(),
  incoming_webhooks: z.strictObject({ incoming_webhooks_enabled: z.boolean().optional() }).optional(),
  siws_links: z.strictObject({ initiate_uri: url(3500).startsWith('https').optional() }).optional(),
  org_deploy_enabled: z.boolean().optional(),
  socket_mode_enabled: z.boolean().optional(),
  token_rotation_enabled: z.boolean().default(false),
  is_hosted: z.boolean().optional(),
  is_mcp_enabled: z.boolean().optional(),
});

const manifestSchema = z.strictObject({
  $schema: z.string().optional(),
  _metadata: z.strictObject({ major_version: z.int(), minor_version: z.int() }).partial().optional(),
  display_information: displaySchema,
  features: featuresSchema,
  oauth_config: oauthSchema,
  settings: settingsSchema.prefault({}),
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
  rotatesTokens: boolean;
};

/**
 * Reads manifest.yml. `before`: the manifest that it takes the place of.
 * @throws ZodError where Slack would not take it
 * @throws when commands or shortcuts are declared without the scope `commands`
 * @throws when it turns token rotation off: Slack has no way back (docs.slack.dev/authentication/using-token-rotation)
 */
export function readManifest(yaml: string, before?: Manifest): Manifest {
  const { features, oauth_config: oauth, settings } = manifestSchema.parse(parse(yaml));
  const { bot } = oauth.scopes;
  const { slash_commands: commands, shortcuts } = features;
  if (commands.length + shortcuts.length > 0 && !bot.includes('commands'))
    throw new Error('manifest.yml declares commands or shortcuts without the scope commands');
  if (before?.rotatesTokens === true && !settings.token_rotation_enabled)
    throw new Error('manifest.yml turns token rotation off, which Slack does not allow');
  return {
    scopes: bot,
    commands,
    shortcuts,
    events: settings.event_subscriptions.bot_events,
    isInteractive: settings.interactivity.is_enabled,
    hasHomeTab: features.app_home.home_tab_enabled,
    hasMessagesTab: features.app_home.messages_tab_enabled,
    rotatesTokens: settings.token_rotation_enabled,
  };
}
