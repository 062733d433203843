/** So many characters in a row of a secret are enough to hide all that was said. */
const pieceLength = 6;
/** Words are shorter, or have no digits in them, and no signs but these between letters. */
const maxWord = 11;

/**
 * What HaloPSA says in an error, without what could be a secret: it echoes what it was sent, and a proxy before it may
 * encode it. Each secret is replaced where it stands whole. If a piece of one is left, in any case or encoding, nothing
 * is shown. Long runs of mixed characters are hidden, whosever they are. Before anything is cut: half a secret would not
 * be found.
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const known = secrets.filter((secret) => secret !== '');
  const plain = known.reduce((hidden, secret) => hidden.replaceAll(secret, '[hidden]'), text);
  return holdsPiece(plain, known)
    ? ''
    : plain.replace(/\S+/gu, (run) => (looksSecret(run) ? '[hidden]' : run));
}

function holdsPiece(text: string, secrets: readonly string[]): boolean {
  const pieces = new Set(secrets.flatMap((secret) => piecesOf(secret.toLowerCase())));
  return (
    pieces.size > 0 &&
    readings(text).some((reading) => piecesOf(reading.toLowerCase()).some((one) => pieces.has(one)))
  );
}

function piecesOf(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - pieceLength + 1) }, (_unused, start) =>
    text.slice(start, start + pieceLength),
  );
}

/** The text as it is, and decoded in each way that is common; backwards too. */
function readings(text: string): string[] {
  const decoded = [text, percentDecoded(text), entitiesDecoded(text), ...binariesIn(text)];
  return [...decoded, ...decoded.map((one) => Array.from(one).reverse().join(''))];
}

function percentDecoded(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function entitiesDecoded(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));?/gi,
    (all, hex?: string, decimal?: string, name?: string) => {
      const code =
        hex !== undefined ? parseInt(hex, 16) : decimal !== undefined ? Number(decimal) : undefined;
      if (code !== undefined) return code <= 0x10ffff ? String.fromCodePoint(code) : all;
      return entities[name?.toLowerCase() ?? ''] ?? all;
    },
  );
}

/** What runs of base64 and of hexadecimal digits stand for. A run may begin in the middle of a secret's. */
function binariesIn(text: string): string[] {
  const base64 = (text.match(/[A-Za-z0-9+/_-]{8,}/g) ?? []).flatMap((run) =>
    [0, 1, 2, 3].map((skipped) => Buffer.from(run.slice(skipped), 'base64').toString('latin1')),
  );
  const hex = (text.match(/(?:[0-9a-f]{2}[\s:-]?){6,}/gi) ?? []).map((run) =>
    Buffer.from(run.replace(/[^0-9a-f]/gi, ''), 'hex').toString('latin1'),
  );
  return [...base64, ...hex];
}

/** Longer than a word with a digit in it, or letters and signs in no order that words have. */
function looksSecret(run: string): boolean {
  const core = run.replace(/^[\p{Ps}\p{Pi}\p{Pf}"'<]+|[\p{Pe}\p{Pf}\p{Pi}"'>.,;:!?]+$/gu, '');
  if (Array.from(core).length <= maxWord) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^\w\s@.\-/]/].filter((kind) => kind.test(core)).length;
  return /\d/.test(core) ? kinds >= 2 : kinds >= 3;
}
