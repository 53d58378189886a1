/** The beginning of an XML document that is read. */
const READ = 16 * 1024;

/** The end of an element that holds nothing but text. */
const TEXT_ELEMENT = /<(?:[\w.-]+:)?([\w.-]+)(?:\s[^<>]*)?>([^<>]*)<\//g;

/** Elements that a web page, or a piece of one, begins with. */
const PAGE = new Set(['html', 'head', 'title', 'meta', 'body', 'center', 'div', 'h1', 'p', 'pre']);

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * The elements of an XML document that hold text, as JSON: a list of objects with one member each, or, for a fault of WSO2's gateway, one
 * object `{fault: {code, message, description}}`. Nothing is resolved: entities and document types are not read.
 *
 * @returns `undefined` if it is no XML, or is a web page
 */
export function xmlContent(body: string): Record<string, unknown> | object[] | undefined {
  const text = body
    .slice(0, READ)
    .replace(/<!--[^]*?-->/g, '')
    .replace(/<!\[CDATA\[([^]*?)\]\]>/g, (_, data: string) => data.replace(/[<>]/g, ' '))
    .trimStart();
  const root = /^(?:<\?xml[^>]*>\s*)?<(?:[\w.-]+:)?([\w.-]+)[\s>]/i.exec(text)?.[1]?.toLowerCase();
  if (root === undefined || PAGE.has(root)) return undefined;
  const elements = [...text.matchAll(TEXT_ELEMENT)]
    .map(([, name, content]) => [name!, withoutEntities(content!).trim()] as const)
    .filter(([, content]) => content !== '');
  if (elements.length === 0) return undefined;
  if (root === 'fault') return { fault: Object.fromEntries(elements) };
  return elements.map(([name, content]) => ({ [name]: content }));
}

function withoutEntities(text: string): string {
  return text.replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
