import type { ComponentChildren } from 'preact';
import { followPermalink } from './permalink.ts';
import { screen } from './state.ts';

/** A text object of Block Kit. Always drawn as text: nothing in it becomes markup of this page. */
export function Text({ text }: { text: { type: string; text: string } }) {
  return text.type === 'mrkdwn' ? <Mrkdwn text={text.text} /> : <span class="text">{text.text}</span>;
}

export function Mrkdwn({ text }: { text: string }) {
  return (
    <span class="text">
      {paragraphs(text).map(({ isQuote, lines }) =>
        isQuote ? <blockquote>{inline(lines)}</blockquote> : inline(lines),
      )}
    </span>
  );
}

type Paragraph = { isQuote: boolean; lines: string };

/** Lines that start with `>` make a quote. */
function paragraphs(text: string): Paragraph[] {
  const found: Paragraph[] = [];
  for (const line of text.split('\n')) {
    const quoted = /^(?:&gt;|>) ?/.exec(line);
    const last = found.at(-1);
    const content = quoted ? line.slice(quoted[0].length) : line;
    if (last?.isQuote === (quoted !== null)) last.lines += `\n${content}`;
    else found.push({ isQuote: quoted !== null, lines: content });
  }
  return found;
}

const marks =
  /```(?<pre>[\s\S]+?)```|`(?<code>[^`\n]+)`|<(?<angle>[^<>\n]+)>|(?<![\w*])\*(?=\S)(?<bold>[^*\n]*[^*\s])\*(?![\w*])|(?<!\w)_(?=\S)(?<italic>[^_\n]*[^_\s])_(?!\w)|(?<![\w~])~(?=\S)(?<strike>[^~\n]*[^~\s])~(?![\w~])/g;

function inline(text: string): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let from = 0;
  for (const match of text.matchAll(marks)) {
    parts.push(unescape(text.slice(from, match.index)), marked(match.groups ?? {}));
    from = match.index + match[0].length;
  }
  return [...parts, unescape(text.slice(from))];
}

function marked(groups: Record<string, string | undefined>): ComponentChildren {
  const { pre, code, angle, bold, italic, strike } = groups;
  if (pre !== undefined) return <pre>{unescape(pre)}</pre>;
  if (code !== undefined) return <code>{unescape(code)}</code>;
  if (angle !== undefined) return reference(angle);
  if (bold !== undefined) return <strong>{inline(bold)}</strong>;
  if (italic !== undefined) return <em>{inline(italic)}</em>;
  return <s>{inline(strike ?? '')}</s>;
}

/** What stands in angle brackets: somebody, a channel, a moment or a link. */
function reference(content: string): ComponentChildren {
  const [target = '', label] = content.split('|', 2);
  if (/^@[UW]/.test(target)) return <Mention id={target.slice(1)} sign="@" />;
  if (/^#[CG]/.test(target)) return <Mention id={target.slice(1)} sign="#" />;
  if (target.startsWith('!subteam^')) return <Mention id={target.slice('!subteam^'.length)} sign="@" />;
  if (target.startsWith('!date^')) {
    const [, seconds, format = ''] = target.split('^');
    return <Moment seconds={Number(seconds)} format={format} fallback={unescape(label ?? '')} />;
  }
  if (target.startsWith('!')) return <span class="mention">@{target.slice(1)}</span>;
  return <Link url={unescape(target)}>{unescape(label ?? target)}</Link>;
}

export function Mention({ id, sign }: { id: string; sign: '@' | '#' }) {
  const isMe = screen.value?.people.some(({ key, id: own }) => key === screen.value?.me && own === id);
  return (
    <span class={isMe ? 'mention mention-me' : 'mention'}>
      {sign}
      {screen.value?.names[id] ?? id}
    </span>
  );
}

/** Only addresses that a browser opens harmlessly become links. */
export function Link({ url, children }: { url: string; children: ComponentChildren }) {
  if (!/^(https?:|mailto:)/i.test(url)) return <>{children}</>;
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer"
      onClick={(event) => {
        if (followPermalink(url)) event.preventDefault();
      }}
    >
      {children}
    </a>
  );
}

const dateStyles: Record<string, Intl.DateTimeFormatOptions> = {
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date: { year: 'numeric', month: 'long', day: 'numeric' },
  date_short: { year: 'numeric', month: 'short', day: 'numeric' },
  date_long: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
  time: { hour: 'numeric', minute: '2-digit' },
  time_secs: { hour: 'numeric', minute: '2-digit', second: '2-digit' },
};

/** A moment in the reader's own time zone, in the format of Slack's `<!date>`. */
export function Moment(props: { seconds: number; format: string; fallback: string }) {
  const { seconds, format, fallback } = props;
  if (!Number.isFinite(seconds)) return <>{fallback}</>;
  const date = new Date(seconds * 1000);
  const text = format.replace(/\{(\w+)\}/g, (token, name: string) => {
    const style = dateStyles[name.replace(/_pretty$/, '')];
    if (style === undefined) return token;
    const near = name.endsWith('_pretty') ? nearDay(date) : undefined;
    return near ?? new Intl.DateTimeFormat(undefined, style).format(date);
  });
  return (
    <time dateTime={date.toISOString()} title={fallback}>
      {text}
    </time>
  );
}

/** `today`, `yesterday`, `tomorrow`, or nothing. */
export function nearDay(date: Date): string | undefined {
  const dayOf = (one: Date) => new Date(one.getFullYear(), one.getMonth(), one.getDate()).getTime();
  const days = Math.round((dayOf(date) - dayOf(new Date())) / 86_400_000);
  return { '-1': 'yesterday', '0': 'today', '1': 'tomorrow' }[String(days)];
}

export function timeOf(ts: string): Date {
  return new Date(Number(ts) * 1000);
}

export function clock(date: Date): string {
  return new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' }).format(date);
}

function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
