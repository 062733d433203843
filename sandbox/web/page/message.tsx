import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Message as Seen } from '../../control/screen.ts';
import { Blocks } from './blocks.tsx';
import { Icon } from './icons.tsx';
import type { KnownBlock } from './kit.ts';
import { MessageShortcuts } from './shortcuts.tsx';
import { sought, thread } from './state.ts';
import { clock, Mrkdwn, nearDay, timeOf } from './text.tsx';

type MessageProps = {
  channel: string;
  message: Seen<KnownBlock>;
  /** Undefined in a thread, where they stand below anyway. */
  replies: readonly Seen<KnownBlock>[] | undefined;
};

export function Message({ channel, message, replies }: MessageProps) {
  const { ts, author, byBot, blocks, text, ephemeral } = message;
  const place = { on: 'message', channel, ts } as const;
  const said = (replies ?? []).filter(isForAll);
  const { article, isFound } = useSought(ts);
  const kinds = [ephemeral && 'message-ephemeral', isFound && 'message-found'].filter(Boolean);
  return (
    <article
      ref={article}
      tabIndex={isFound ? -1 : undefined}
      class={['message', ...kinds].join(' ')}
      aria-label={`${author}, ${clock(timeOf(ts))}`}
    >
      {ephemeral && (
        <p class="only-you">
          <Icon name="eye" /> Only visible to you
        </p>
      )}
      <Avatar name={author} byBot={byBot} />
      <div class="message-body">
        <p class="message-head">
          <strong class="author">{author}</strong>
          {byBot && <span class="chip">APP</span>}
          <time class="clock" dateTime={timeOf(ts).toISOString()}>
            {clock(timeOf(ts))}
          </time>
        </p>
        {blocks.length > 0 ? (
          <Blocks blocks={blocks} at={{ place, values: message.values }} />
        ) : (
          <Mrkdwn text={text} />
        )}
        {message.edited && <small class="edited">(edited)</small>}
        {said.length > 0 && <Replies ts={ts} replies={said} />}
      </div>
      {!ephemeral && <MessageShortcuts message={place} author={author} />}
    </article>
  );
}

/** The message that a link leads to takes the focus: after the layout, when the pane has gone to its newest message. */
function useSought(ts: string) {
  const article = useRef<HTMLElement>(null);
  const isFound = useSignal(false);
  const isSought = sought.value === ts;
  useEffect(() => {
    if (!isSought) return;
    article.current?.focus({ preventScroll: true });
    article.current?.scrollIntoView({ block: 'start' });
    isFound.value = true;
    sought.value = undefined;
  }, [isSought]);
  return { article, isFound: isSought || isFound.value };
}

function Replies({ ts, replies }: { ts: string; replies: readonly Seen<KnownBlock>[] }) {
  const last = timeOf(replies.at(-1)?.ts ?? ts);
  return (
    <button
      type="button"
      class="replies"
      aria-expanded={thread.value === ts}
      onClick={() => {
        thread.value = ts;
      }}
    >
      <strong>{counted(replies)}</strong>
      <span>
        Last reply {nearDay(last) ?? ''} at {clock(last)}
      </span>
    </button>
  );
}

/** As Slack counts: without what only one person sees. */
export function counted(replies: readonly Seen[]): string {
  const { length } = replies.filter(isForAll);
  return length === 1 ? '1 reply' : `${length} replies`;
}

function isForAll({ ephemeral }: Seen): boolean {
  return !ephemeral;
}

export function Avatar({ name, byBot }: { name: string; byBot: boolean }) {
  const hue = Array.from(name).reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0) % 6;
  return (
    <span class={byBot ? 'avatar avatar-bot' : `avatar avatar-${hue}`} aria-hidden="true">
      {name.charAt(0)}
    </span>
  );
}
