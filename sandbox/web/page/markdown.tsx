import type { ComponentChildren } from 'preact';
import { parseMarkdown, type Part } from './parse-markdown.ts';
import { Link } from './text.tsx';

/** A markdown block. Always drawn as text: HTML in it stays what was typed. */
export function Markdown({ text }: { text: string }) {
  return <div class="text rich-text markdown">{parseMarkdown(text).map(drawn)}</div>;
}

function drawn(part: Part): ComponentChildren {
  switch (part.kind) {
    case 'heading':
      return <Heading level={part.level}>{inline(part.text)}</Heading>;
    case 'rule':
      return <hr />;
    case 'code':
      return <pre>{part.text}</pre>;
    case 'quote':
      return <blockquote>{part.parts.map(drawn)}</blockquote>;
    case 'paragraph':
      return <p>{inline(part.text)}</p>;
    case 'list': {
      const items = part.items.map((item) => <li>{item.map(drawn)}</li>);
      return part.start === undefined ? <ul>{items}</ul> : <ol start={part.start}>{items}</ol>;
    }
    case 'table':
      return (
        <table class="block-table">
          <thead>
            <tr>
              {part.head.map((cell) => (
                <th scope="col">{inline(cell)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {part.rows.map((row) => (
              <tr>
                {row.map((cell) => (
                  <td>{inline(cell)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      );
  }
}

/** Under the heading of the conversation. */
function Heading({ level, children }: { level: number; children: ComponentChildren }) {
  if (level === 1) return <h2>{children}</h2>;
  return level === 2 ? <h3>{children}</h3> : <h4>{children}</h4>;
}

const marks =
  /\\(?<escaped>[\\`*_~[\]()#+\-.!>|])|(?<ticks>`+)(?<code>.+?)\k<ticks>(?!`)|!?\[(?<label>[^\]]*)\]\((?<url>(?:[^\s()]|\([^\s()]*\))+)[^)]*\)|<(?<auto>https?:[^\s<>]+)>|(?<strong>\*\*|__)(?=\S)(?<bold>.+?)(?<=\S)\k<strong>|(?<em>[*_])(?=\S)(?<italic>[^*_]+?)(?<=\S)\k<em>(?!\w)|~~(?=\S)(?<strike>.+?)(?<=\S)~~/gs;

function inline(text: string): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let from = 0;
  for (const match of text.matchAll(marks)) {
    parts.push(text.slice(from, match.index), marked(match.groups ?? {}));
    from = match.index + match[0].length;
  }
  return [...parts, text.slice(from)];
}

function marked(groups: Record<string, string | undefined>): ComponentChildren {
  const { escaped, code, label, url, auto, bold, italic, strike } = groups;
  if (escaped !== undefined) return escaped;
  if (code !== undefined) return <code>{code}</code>;
  if (url !== undefined) return <Link url={url}>{inline(label ?? url)}</Link>;
  if (auto !== undefined) return <Link url={auto}>{auto}</Link>;
  if (bold !== undefined) return <strong>{inline(bold)}</strong>;
  if (italic !== undefined) return <em>{inline(italic)}</em>;
  return <s>{inline(strike ?? '')}</s>;
}
