/** Without the members that are not set; nothing, if none is. */
export function prune(record: Record<string, unknown>): Record<string, unknown> | undefined {
  const set = Object.entries(record).filter(([, value]) => value !== undefined);
  return set.length > 0 ? Object.fromEntries(set) : undefined;
}
