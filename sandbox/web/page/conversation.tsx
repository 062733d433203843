import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Conversation, Message as Seen } from '../../control/screen.ts';
import { Composer } from './composer.tsx';
import { Icon } from './icons.tsx';
import type { KnownBlock } from './kit.ts';
import { counted, Message } from './message.tsx';
import { markRead, thread } from './state.ts';
import { nearDay, timeOf } from './text.tsx';

type Open = Conversation<KnownBlock>;

export function ConversationView({ conversation }: { conversation: Open }) {
  const { name, kind } = conversation;
  return (
    <section class="pane" aria-labelledby="conversation-title">
      <header class="pane-head">
        <h1 id="conversation-title">
          {kind === 'private' ? <Icon name="lock" /> : <span aria-hidden="true"># </span>}
          {name}
        </h1>
        {kind === 'shared' && <span class="chip">Shared with another company</span>}
        {conversation.isArchived && <span class="chip">Archived</span>}
      </header>
      <Messages conversation={conversation} />
    </section>
  );
}

/** The messages of a conversation and the composer under them. */
export function Messages({ conversation }: { conversation: Open }) {
  const { id, messages } = conversation;
  const title = titleOf(conversation);
  useLayoutEffect(() => {
    markRead(conversation);
  }, [id, messages.at(-1)?.ts]);
  const top = messages.filter(({ threadTs }) => threadTs === undefined);
  const end = useLatest(`${id} ${top.at(-1)?.ts ?? ''}`);
  return (
    <>
      <div class="messages" tabIndex={0} role="region" aria-label={`Messages in ${title}`}>
        <div class="messages-inner">
          {top.length === 0 && <Beginning title={title} />}
          {top.map((message, index) => (
            <>
              <DayLine message={message} before={top[index - 1]} />
              <Message
                key={message.ts}
                channel={id}
                message={message}
                replies={messages.filter(({ threadTs }) => threadTs === message.ts)}
              />
            </>
          ))}
          <div ref={end} />
        </div>
      </div>
      <Composer key={id} channel={id} label={`Message ${title}`} />
    </>
  );
}

export function ThreadPane({ conversation, ts }: { conversation: Open; ts: string }) {
  const { id, messages } = conversation;
  const parent = messages.find((message) => message.ts === ts);
  const replies = messages.filter(({ threadTs }) => threadTs === ts);
  const close = useRef<HTMLButtonElement>(null);
  const end = useLatest(replies.at(-1)?.ts ?? '');
  useLayoutEffect(() => {
    const opener = document.activeElement;
    close.current?.focus();
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, [ts]);
  const leave = () => {
    thread.value = undefined;
  };
  return (
    <section
      class="pane thread"
      aria-labelledby="thread-title"
      onKeyDown={(event) => {
        if (event.key === 'Escape') leave();
      }}
    >
      <header class="pane-head">
        <h2 id="thread-title">
          Thread <small>{titleOf(conversation)}</small>
        </h2>
        <button ref={close} type="button" class="icon-button" aria-label="Close thread" onClick={leave}>
          <Icon name="close" />
        </button>
      </header>
      <div class="messages" tabIndex={0} role="region" aria-label="Messages in this thread">
        <div class="messages-inner">
          {parent && <Message channel={id} message={parent} replies={undefined} />}
          <p class="reply-count">{counted(replies)}</p>
          {replies.map((message) => (
            <Message key={message.ts} channel={id} message={message} replies={undefined} />
          ))}
          <div ref={end} />
        </div>
      </div>
      <Composer key={ts} channel={id} label="Reply…" threadTs={ts} />
    </section>
  );
}

/** Keeps the newest in view: its beginning, where it is taller than the pane. `end` comes right after it. */
function useLatest(newest: string) {
  const end = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    end.current?.previousElementSibling?.scrollIntoView({ block: 'start' });
  }, [newest]);
  return end;
}

function titleOf({ kind, name }: Open): string {
  return kind === 'im' ? name : `#${name}`;
}

function Beginning({ title }: { title: string }) {
  return (
    <p class="beginning">
      This is the very beginning of {title}. Type <code>/neo-setup</code> below to set up a Neo Agent.
    </p>
  );
}

function DayLine({ message, before }: { message: Seen; before: Seen | undefined }) {
  const day = dayOf(message);
  if (before !== undefined && dayOf(before) === day) return null;
  return (
    <p class="day">
      <span>{day}</span>
    </p>
  );
}

function dayOf({ ts }: Seen): string {
  const date = timeOf(ts);
  const near = nearDay(date);
  return near === undefined
    ? new Intl.DateTimeFormat(undefined, { dateStyle: 'full' }).format(date)
    : near.charAt(0).toUpperCase() + near.slice(1);
}
