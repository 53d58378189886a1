const DATE = /^\d{4}-\d{2}-\d{2}$/;
const WITHOUT_ZONE = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/;
const WITH_ZONE = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/i;

/**
 * The time that a text names. A text without a zone, such as n8n's date picker yields, is in the time zone of the workflow.
 *
 * @param zone IANA name
 * @returns `undefined` if it is no time
 */
export function zonedTime(text: string, zone: string): Date | undefined {
  if (WITH_ZONE.test(text)) return valid(new Date(text.replace(' ', 'T')));
  const wallClock = DATE.test(text) ? `${text}T00:00:00` : text.replace(' ', 'T');
  if (!WITHOUT_ZONE.test(wallClock)) return undefined;
  const asUtc = valid(new Date(`${wallClock}Z`));
  if (!asUtc) return undefined;
  // Twice: the offset at the time itself counts, and it is not known before the first step.
  const near = new Date(asUtc.getTime() - offsetAt(asUtc, zone));
  return new Date(asUtc.getTime() - offsetAt(near, zone));
}

/** The milliseconds by which the wall clock of a zone is ahead of UTC. */
function offsetAt(time: Date, zone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  const name = parts.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /GMT([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === '-' ? -offset : offset;
}

function valid(time: Date): Date | undefined {
  return Number.isNaN(time.getTime()) ? undefined : time;
}
