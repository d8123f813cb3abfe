/** Values as people read them. All take plain numbers or RFC 3339 strings and return text. */
const NONE = "–";

const number = new Intl.NumberFormat("en-US");
const compactNumber = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });
const timeOfDay = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const calendarDay = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const hourAndMinute = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

export const count = (value: number): string => (value >= 100_000 ? compactNumber.format(value) : number.format(value));

export function money(minor: number, currency: string): string {
  const format = new Intl.NumberFormat("en-US", { style: "currency", currency });
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** 95 → "1:35", 3 905 → "1:05:05". */
export function duration(seconds: number | null): string {
  if (seconds === null) return NONE;
  const whole = Math.round(Math.abs(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const tail = `${h > 0 ? String(m).padStart(2, "0") : m}:${String(s).padStart(2, "0")}`;
  return `${seconds < 0 ? "−" : ""}${h > 0 ? `${h}:` : ""}${tail}`;
}

/** A rough length of time in words: "8 s", "12 min", "3 h 05". */
export function span(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`;
}

export const ago = (at: string, now: number): string => {
  const seconds = (now - Date.parse(at)) / 1000;
  return seconds < 1 ? "now" : `${span(seconds)} ago`;
};

export const clock = (at: string | number): string => timeOfDay.format(new Date(at));
export const shortClock = (at: string | number): string => hourAndMinute.format(new Date(at));

/** A date without a time, "2026-11-20", which is the same day everywhere: "20 Nov 2026". */
export const day = (date: string): string => calendarDay.format(new Date(`${date}T00:00:00Z`));

export const milliseconds = (value: number | null): string =>
  value === null ? NONE : `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ms`;

export const percent = (part: number, whole: number): string =>
  whole === 0 ? NONE : `${Math.round((100 * part) / whole)} %`;

/** Ids are time-sorted, so the end is the part that tells two of them apart. */
export const shortId = (id: string): string => id.slice(-6);

export const shortHash = (hash: string): string => `${hash.slice(0, 8)}…${hash.slice(-6)}`;

/** "OrderPlaced", "order.placed" and "order_placed" all read "Order placed". */
export function words(name: string): string {
  const spaced = name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/[._-]+/g, " ")
    .trim()
    .toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** How an order stands against its promise at `now` (epoch ms). */
export function dueIn(promisedUntil: string, now: number): { text: string; late: boolean } {
  const seconds = (Date.parse(promisedUntil) - now) / 1000;
  return seconds < 0 ? { text: `${span(seconds)} late`, late: true } : { text: `due in ${span(seconds)}`, late: false };
}
