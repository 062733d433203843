/** Of names in a sentence, in characters. Rows show them whole. */
export const maxNamed = 200;

/** At most `max` characters as Slack counts them, without cutting an escaped character in two. */
export function cut(text: string, max: number): string {
  const characters = Array.from(text);
  if (characters.length <= max) return text;
  const kept = characters.slice(0, max - 1).join('');
  return `${kept.replace(/&[a-z]{0,3}$/, '')}…`;
}
