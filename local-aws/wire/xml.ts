import { XMLBuilder } from 'fast-xml-parser';

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' });

/** A document with one root element. A list becomes `<member>` elements if `wrapLists`, otherwise repeated elements. */
export function toXml(root: string, namespace: string | undefined, content: any, wrapLists = true): string {
  const body = plain(content, wrapLists);
  const element = namespace === undefined ? body : typeof body === 'object' ? { '@xmlns': namespace, ...body } : { '@xmlns': namespace, '#text': body };
  // A parser of XML reads a bare carriage return as a line feed.
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: element }).replace(/\r/g, '&#xD;')}`;
}

function plain(value: any, wrapLists: boolean): any {
  if (value instanceof Date) { return value.toISOString(); }
  if (Array.isArray(value)) {
    const members = value.map((member) => plain(member, wrapLists));
    return wrapLists ? { member: members } : members;
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value)
      .filter(([, member]) => member !== undefined && member !== null)
      .map(([key, member]) => [key, plain(member, wrapLists)]));
  }
  // XML 1.0 cannot carry most control characters at all.
  return typeof value === 'string' ? value.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '') : value;
}
