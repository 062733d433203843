/**
 * Characters that show nothing, turn what follows around, or break a line: Unicode's controls, formats, default
 * ignorables and separators, and the one Braille pattern that is blank. The formats that do show are left out:
 * the number signs and the like of Arabic, Syriac and Kaithi.
 */
const hidden =
  /(?![\u0600-\u0605\u06DD\u070F\u0890\u0891\u08E2\u{110BD}\u{110CD}])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\uFFF9-\uFFFB\u2800]/gu;

/** Scripts that are spelled with the two joiners: Persian, Hindi and their like. */
const joined =
  '[\\p{scx=Arab}\\p{scx=Syrc}\\p{scx=Mong}\\p{scx=Deva}\\p{scx=Beng}\\p{scx=Guru}\\p{scx=Gujr}\\p{scx=Orya}\\p{scx=Taml}\\p{scx=Telu}\\p{scx=Knda}\\p{scx=Mlym}\\p{scx=Sinh}\\p{scx=Khmr}\\p{scx=Mymr}]';
/** Where such characters belong to what is seen: within words of those scripts, Han variants, emoji, keycaps and flags. */
const meant = new RegExp(
  [
    `(?<=${joined})[\\u200C\\u200D](?=${joined})`,
    '(?<=\\p{Script=Han})[\\uFE00-\\uFE0F\\u{E0100}-\\u{E01EF}]',
    '(?<=\\p{Script=Mongolian})[\\u180B-\\u180F]',
    '(?<=\\p{Extended_Pictographic})[\\uFE0E\\uFE0F]',
    '(?<=[#*0-9])\\uFE0F(?=\\u20E3)',
    '(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\uFE0F])\\u200D(?=\\p{Extended_Pictographic})',
    '(?<=\\u{1F3F4}[\\u{E0030}-\\u{E0039}\\u{E0061}-\\u{E007A}]{0,6})[\\u{E0030}-\\u{E0039}\\u{E0061}-\\u{E007A}\\u{E007F}]',
  ].join('|'),
  'gu',
);

/** The text with each hidden character given to `replace`, in one line or several. */
export function replaceHidden(text: string, replace: (character: string) => string): string {
  const wellFormed = text.toWellFormed();
  const kept = new Set(Array.from(wellFormed.matchAll(meant), ({ index }) => index));
  return wellFormed.replace(hidden, (character, index: number) =>
    kept.has(index) ? character : replace(character),
  );
}

/** A quick look that lets most names pass: letters of Western Europe with single spaces between them. */
const mayHide = /[^ -~\u00A1-\u00AC\u00AE-\u02FF]| {2}|^ | $/u;
const lineBreaks = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/gu;
const blanks = /[\t\p{Zs}\u2800]+/gu;
const blankEnds =
  /^[\t\n\v\f\r\u0085\u2028\u2029\p{Zs}\u2800]+|[\t\n\v\f\r\u0085\u2028\u2029\p{Zs}\u2800]+$/gu;

/**
 * A name from outside, such as HaloPSA's, on one line and as it reads: a line break shows as `↵`, any other hidden
 * character as its code point (`[U+202E]`), so that a name draws no rows and turns no text around, and two names that
 * differ only in what nobody sees read differently.
 */
export function visible(text: string): string {
  if (!mayHide.test(text)) return text;
  const line = text.replace(blankEnds, '').replace(lineBreaks, '↵').replace(blanks, ' ');
  return replaceHidden(line, codePoint);
}

function codePoint(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
}
