import type { DossierEvent, Order } from "../api/types";
import { shortClock, span, words } from "../ui/format";
import type { Tone } from "../ui/tone";

/** A check of the purchaser's age, read off the order's chain of evidence. */
export interface Proof {
  place: "At checkout" | "At the door";
  /** Which kind of check it was, or that there was none yet. */
  kind: string;
  verdict: string;
  tone: Tone;
  grade: Grade | null;
  /** Circumstances, in the order in which they matter. */
  facts: string[];
}

export interface Grade {
  name: string;
  /** 1 is the weakest, 3 the strongest. */
  strength: 1 | 2 | 3;
  tone: Tone;
  means: string;
}

const CHECKOUT_KINDS = new Map([
  ["database_check", "Commercial database"],
  ["document_check", "Document and selfie"],
]);

const METHODS = new Map([
  ["mobile_licence", "Mobile licence"],
  ["scan", "Barcode scanned"],
  ["manual", "Typed by hand"],
]);

const GRADES = new Map<string, Grade>([
  ["issuer_signed", { name: "Issuer-signed", strength: 3, tone: "done", means: "Its issuer vouches for the document." }],
  ["parsed", { name: "Parsed", strength: 2, tone: "road", means: "The barcode was read; it does not prove the document genuine." }],
  ["attested", { name: "Attested", strength: 1, tone: "store", means: "It rests on the driver's word alone." }],
]);

const VERDICTS = new Map<string, { verdict: string; tone: Tone }>([
  ["passed", { verdict: "Passed", tone: "done" }],
  ["failed", { verdict: "Failed", tone: "alert" }],
  ["inconclusive", { verdict: "Inconclusive", tone: "store" }],
  ["requested", { verdict: "Pending", tone: "wait" }],
]);
const NOT_YET = { verdict: "Not yet", tone: "idle" } as const;

/** The check at checkout and the one at the door, as the latest events tell of them. */
export function proofs(order: Pick<Order, "age_check" | "doorstep">, events: readonly DossierEvent[]): [Proof, Proof] {
  return [atCheckout(order, events), atTheDoor(order, events)];
}

function atCheckout({ age_check }: Pick<Order, "age_check">, events: readonly DossierEvent[]): Proof {
  const checks = events.filter(({ type }) => type.startsWith("age_check_"));
  const last = checks.at(-1);
  const kind = text(checks.findLast(({ data }) => text(data["evidence"]) !== "")?.data["evidence"]);
  const provider = text(last?.data["provider"]);
  const result = last?.type.replace("age_check_", "") ?? age_check.status;
  return {
    place: "At checkout",
    kind: CHECKOUT_KINDS.get(kind) ?? (kind === "" ? "No check yet" : words(kind)),
    ...(VERDICTS.get(result) ?? NOT_YET),
    grade: null,
    facts: [...(provider === "" ? [] : [`by ${words(provider)}`]), ...(last === undefined ? [] : [shortClock(last.at)])],
  };
}

function atTheDoor({ doorstep }: Pick<Order, "doorstep">, events: readonly DossierEvent[]): Proof {
  const checks = events.filter(({ type }) => type.startsWith("doorstep_check_"));
  const last = checks.at(-1);
  const unread = checks.filter(({ data }) => data["method"] === "scan" && data["document_read"] === false).length;
  const method = text(last?.data["method"]) || (doorstep.method ?? "");
  const result = last?.type.replace("doorstep_check_", "") ?? (doorstep.passed ? "passed" : "");
  return {
    place: "At the door",
    kind: METHODS.get(method) ?? (method === "" ? "No check yet" : words(method)),
    ...(VERDICTS.get(result) ?? NOT_YET),
    grade: GRADES.get(text(last?.data["grade"]) || (doorstep.grade ?? "")) ?? null,
    facts: last === undefined ? [] : [shortClock(last.at), ...circumstances(last), ...unreadScans(unread)],
  };
}

function circumstances({ data }: DossierEvent): string[] {
  const { at_door_s: seconds, distance_m: metres, reasons } = data;
  return [
    ...(typeof seconds === "number" ? [`${span(seconds)} after arriving`] : []),
    ...(typeof metres === "number" ? [`${metres} m from the door`] : []),
    ...(Array.isArray(reasons) ? reasons.map((reason) => words(String(reason)).toLowerCase()) : []),
  ];
}

const unreadScans = (unread: number): string[] =>
  unread === 0 ? [] : [unread === 1 ? "1 scan read nothing" : `${unread} scans read nothing`];

const text = (value: unknown): string => (typeof value === "string" ? value : "");
