import { parse } from 'yaml';
import { z } from 'zod';

const manifestSchema = z.object({
  features: z.object({ slash_commands: z.array(z.object({ command: z.string() })).default([]) }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
});

export type Manifest = { commands: string[]; scopes: string[] };

/** What the app declared: its commands and scopes. @throws ZodError */
export function readManifest(yaml: string): Manifest {
  const { features, oauth_config: oauth } = manifestSchema.parse(parse(yaml));
  return { commands: features.slash_commands.map(({ command }) => command), scopes: oauth.scopes.bot };
}
