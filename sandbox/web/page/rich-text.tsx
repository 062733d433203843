import type { RichTextBlock, RichTextBlockElement, RichTextElement } from '@slack/types';
import type { ComponentChildren } from 'preact';
import { Link, Mention, Moment } from './text.tsx';

export function RichText({ block }: { block: Pick<RichTextBlock, 'elements'> }) {
  return (
    <div class="text rich-text">
      {block.elements.map((part) => (
        <Part part={part} />
      ))}
    </div>
  );
}

function Part({ part }: { part: RichTextBlockElement }) {
  switch (part.type) {
    case 'rich_text_section':
      return <div>{part.elements.map(styled)}</div>;
    case 'rich_text_quote':
      return <blockquote>{part.elements.map(styled)}</blockquote>;
    case 'rich_text_preformatted':
      return <pre>{part.elements.map(styled)}</pre>;
    case 'rich_text_list': {
      const items = part.elements.map(({ elements }) => <li>{elements.map(styled)}</li>);
      const level = `indent-${part.indent ?? 0}`;
      return part.style === 'ordered' ? <ol class={level}>{items}</ol> : <ul class={level}>{items}</ul>;
    }
  }
}

function styled(element: RichTextElement): ComponentChildren {
  const { bold, italic, strike, code } = element.style ?? {};
  let drawn = plain(element);
  if (code) drawn = <code>{drawn}</code>;
  if (strike) drawn = <s>{drawn}</s>;
  if (italic) drawn = <em>{drawn}</em>;
  return bold ? <strong>{drawn}</strong> : drawn;
}

function plain(element: RichTextElement): ComponentChildren {
  switch (element.type) {
    case 'text':
      return element.text;
    case 'link':
      return <Link url={element.url}>{element.text ?? element.url}</Link>;
    case 'user':
      return <Mention id={element.user_id} sign="@" />;
    case 'usergroup':
      return <Mention id={element.usergroup_id} sign="@" />;
    case 'channel':
      return <Mention id={element.channel_id} sign="#" />;
    case 'team':
      return <Mention id={element.team_id} sign="@" />;
    case 'broadcast':
      return <span class="mention">@{element.range}</span>;
    case 'date':
      return <Moment seconds={element.timestamp} format={element.format} fallback={element.fallback ?? ''} />;
    case 'emoji':
      return element.unicode === undefined ? `:${element.name}:` : fromCodePoints(element.unicode);
    case 'color':
      return <code>{element.value}</code>;
  }
}

/** `1f44d-1f3fb` → 👍🏻 */
function fromCodePoints(unicode: string): string {
  return String.fromCodePoint(...unicode.split('-').map((part) => Number.parseInt(part, 16)));
}
