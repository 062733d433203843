import unhomoglyph from 'unhomoglyph';

/** What shows nothing of its own: marks above and below letters too, so that `é` looks like `e`. */
const unseen = /^[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]$|^(?!\s)\p{Cc}$/u;
const ascii = /^[ -~]+$/;
const shapes = new Map<string, string>();

/**
 * What the text looks like: two texts of one shape are told apart only by looking closely (Latin, Cyrillic and Greek
 * letters, `l` and `1`, `rn` and `m`). Not for people to read. Unicode's table of confusable characters (UTS #39, in the
 * package unhomoglyph), after compatibility forms (NFKC); without case, and without marks on letters.
 */
export function shapeOf(text: string): string {
  const plain = ascii.test(text) ? text : text.normalize('NFKC').normalize('NFD');
  let shape = '';
  for (const character of plain) shape += shapeOfCharacter(character);
  return shape.replace(/[\s\u2800]+/gu, ' ').trim();
}

function shapeOfCharacter(character: string): string {
  const known = shapes.get(character);
  if (known !== undefined) return known;
  const shape = unseen.test(character) ? '' : plainest(character);
  shapes.set(character, shape);
  return shape;
}

/** Many letters have a look-alike in one case alone (`н`, `Н`, `H`): the plain Latin one of any case counts for all. */
function plainest(character: string): string {
  const looks = [character, character.toUpperCase(), character.toLowerCase()].map(looksLike);
  const look = looks.find((one) => ascii.test(one)) ?? looks[0] ?? character;
  return looksLike(look).replaceAll('i', 'l');
}

function looksLike(text: string): string {
  return unhomoglyph(text).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
