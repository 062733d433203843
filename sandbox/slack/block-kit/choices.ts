import { z } from 'zod';
import { countOf, list, option, optionGroup, richOption, string } from './composition.ts';
import { actionable, confirmable, focusable, placeholdable } from './inputs.ts';

/** Everything in which somebody chooses: selects, checkboxes, radio buttons, the overflow menu. */

const select = { ...actionable, ...focusable, ...confirmable, ...placeholdable };
const multi = { ...select, max_selected_items: z.int().min(1, 'must be at least 1').optional() };

const offers = {
  options: list(option, 'select.options').optional(),
  option_groups: list(optionGroup, 'select.option_groups').optional(),
};
type Offers = { options?: unknown[] | undefined; option_groups?: { options: unknown[] }[] | undefined };
const offered = ({ options = [], option_groups: groups = [] }: Offers) => [
  ...options,
  ...groups.flatMap((group) => group.options),
];
const hasOneOffer = ({ options, option_groups }: Offers) => countOf(options, option_groups) === 1;
const oneOffer = 'needs either options or option_groups';

const areOffered = (all: unknown[], initial: unknown[]) =>
  initial.every((one) => all.some((other) => JSON.stringify(other) === JSON.stringify(one)));
const mustBeOffered = 'initial options must match options exactly';

const staticSelects = [
  z
    .strictObject({
      type: z.literal('static_select'),
      ...select,
      ...offers,
      initial_option: option.optional(),
    })
    .refine(hasOneOffer, oneOffer)
    .refine(({ initial_option: one, ...all }) => areOffered(offered(all), one ? [one] : []), mustBeOffered),
  z
    .strictObject({
      type: z.literal('multi_static_select'),
      ...multi,
      ...offers,
      initial_options: z.array(option).min(1, 'no fewer than 1 items allowed').optional(),
    })
    .refine(hasOneOffer, oneOffer)
    .refine(({ initial_options: some = [], ...all }) => areOffered(offered(all), some), mustBeOffered),
] as const;

const externalSelects = [
  z.strictObject({
    type: z.literal('external_select'),
    ...select,
    initial_option: option.optional(),
    min_query_length: z.int().min(0).optional(),
  }),
  z.strictObject({
    type: z.literal('multi_external_select'),
    ...multi,
    initial_options: z.array(option).min(1, 'no fewer than 1 items allowed').optional(),
    min_query_length: z.int().min(0).optional(),
  }),
] as const;

const filter = z
  .strictObject({
    include: z
      .array(z.enum(['im', 'mpim', 'private', 'public']))
      .min(1, 'no fewer than 1 items allowed')
      .optional(),
    exclude_external_shared_channels: z.boolean().optional(),
    exclude_bot_users: z.boolean().optional(),
  })
  .optional();
const ids = z.array(z.string()).min(1, 'no fewer than 1 items allowed').optional();
const respondable = { response_url_enabled: z.boolean().optional() };

const workspaceSelects = [
  z.strictObject({ type: z.literal('users_select'), ...select, initial_user: z.string().optional() }),
  z.strictObject({ type: z.literal('multi_users_select'), ...multi, initial_users: ids }),
  z.strictObject({
    type: z.literal('conversations_select'),
    ...select,
    ...respondable,
    initial_conversation: z.string().optional(),
    default_to_current_conversation: z.boolean().optional(),
    filter,
  }),
  z.strictObject({
    type: z.literal('multi_conversations_select'),
    ...multi,
    initial_conversations: ids,
    default_to_current_conversation: z.boolean().optional(),
    filter,
  }),
  z.strictObject({
    type: z.literal('channels_select'),
    ...select,
    ...respondable,
    initial_channel: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('multi_channels_select'), ...multi, initial_channels: ids }),
] as const;

const boxes = [
  z
    .strictObject({
      type: z.literal('checkboxes'),
      ...actionable,
      ...focusable,
      ...confirmable,
      options: list(richOption, 'checkboxes.options'),
      initial_options: z.array(richOption).min(1, 'no fewer than 1 items allowed').optional(),
    })
    .refine(({ options, initial_options: some = [] }) => areOffered(options, some), mustBeOffered),
  z
    .strictObject({
      type: z.literal('radio_buttons'),
      ...actionable,
      ...focusable,
      ...confirmable,
      options: list(richOption, 'radio_buttons.options'),
      initial_option: richOption.optional(),
    })
    .refine(({ options, initial_option: one }) => areOffered(options, one ? [one] : []), mustBeOffered),
] as const;

export const choices = [...staticSelects, ...externalSelects, ...workspaceSelects, ...boxes] as const;

export const overflow = z.strictObject({
  type: z.literal('overflow'),
  ...actionable,
  ...confirmable,
  options: list(option.extend({ url: string('option.url').optional() }), 'overflow.options'),
});

/** What an app answers to a `block_suggestion`. */
export const suggestionSchema = z
  .strictObject({
    options: list(option, 'suggestion.options', 0).optional(),
    option_groups: list(optionGroup, 'suggestion.option_groups', 0).optional(),
  })
  .refine(hasOneOffer, oneOffer);
