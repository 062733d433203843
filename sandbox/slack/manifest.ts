import { parse } from 'yaml';
import { z } from 'zod';

const commandSchema = z.object({ command: z.string(), should_escape: z.boolean().default(false) });
const shortcutSchema = z.object({
  name: z.string(),
  type: z.enum(['global', 'message']),
  callback_id: z.string(),
});

const manifestSchema = z.object({
  features: z.object({
    slash_commands: z.array(commandSchema).default([]),
    shortcuts: z.array(shortcutSchema).default([]),
    app_home: z
      .object({
        home_tab_enabled: z.boolean().default(false),
        messages_tab_enabled: z.boolean().default(true),
      })
      .prefault({}),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z
    .object({
      event_subscriptions: z.object({ bot_events: z.array(z.string()).default([]) }).prefault({}),
      interactivity: z.object({ is_enabled: z.boolean() }).default({ is_enabled: false }),
      socket_mode_enabled: z.boolean().default(false),
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
  isSocketMode: boolean;
};

/** Reads manifest.yml. @throws when commands or shortcuts are declared without the scope `commands` */
export function readManifest(text: string): Manifest {
  const { features, oauth_config: oauth, settings } = manifestSchema.parse(parse(text));
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
    isSocketMode: settings.socket_mode_enabled,
  };
}
