const PART = { h: 3600, m: 60, s: 1 };

/** The seconds of a text such as `30m`, `1h30m` or `45` (seconds); `undefined` if it is no such text. */
export function secondsOf(text: string | number): number | undefined {
  const [whole, hours = '0', minutes = '0', seconds = '0'] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$/.exec(String(text)) ?? [];
  return whole ? Number(hours) * PART.h + Number(minutes) * PART.m + Number(seconds) * PART.s : undefined;
}
