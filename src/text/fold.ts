/**
 * The text as people compare it: two names that fold to the same look or read the same. Compatibility forms (full-width,
 * ligatures), case, white space and characters that nobody sees make no difference (Unicode NFKC, UAX #15; the property
 * Default_Ignorable_Code_Point, UAX #44). It goes to upper case first and then to lower, because JavaScript has no case
 * folding and `ß` must equal `SS`.
 */
export function foldText(text: string): string {
  return text
    .replace(unseen, '')
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')
    .replace(whiteSpace, ' ')
    .trim();
}

/** U+0085 ends a line too, but JavaScript does not count it as white space. */
const whiteSpace = /[\s\u0085]+/gu;
/** U+FEFF counts as white space in JavaScript, but nobody sees it. */
const unseen = /[\p{Cf}\p{Default_Ignorable_Code_Point}]|(?![\s\u0085])\p{Cc}/gu;
