import type { App } from '@slack/bolt';
import { z } from 'zod';
import { fields } from '../fields/index.ts';
import { offer } from '../views/options.ts';
import { userSchema, whoIs } from '../actions/clicks.ts';
import { beforeAck } from '../actions/deadline.ts';
import type { Dependencies } from '../actions/dependencies.ts';

const suggestionSchema = z.object({ value: z.string().default('') });

/**
 * One instance may draw the form and another, that has just started and read nothing yet, may be asked what a field
 * offers: "no such role" would be a lie. Slack waits three seconds for the answer.
 */
const firstLookMs = 2_000;

const bodySchema = z.object({ user: userSchema });
/** Somebody who is typing is not looked up with every letter. Whoever sends the form in is, in milliseconds. */
const knownForMs = 3_600_000;

export function registerSetupOptions(app: App, deps: Dependencies): void {
  for (const { action, list, offers } of fields.flatMap(({ input }) =>
    input && 'offers' in input ? [input] : [],
  ))
    app.options(action, async ({ ack, body, options }) => {
      const { user } = bodySchema.parse(body);
      const { value } = suggestionSchema.parse(options);
      const found = async () => {
        const person = deps.people.known(user.id, knownForMs) ?? (await whoIs(deps, user));
        // What HaloPSA has is no business of guests and of other companies.
        if ('reference' in person || person.standing !== 'member') return { options: [] };
        return offer(offers(await deps.directory.currentSoon(firstLookMs, list), value), value);
      };
      await ack(await beforeAck(found, () => ({ options: [] })));
    });
}
