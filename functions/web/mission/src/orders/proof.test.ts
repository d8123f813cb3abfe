import { expect, test } from "vitest";
import type { DossierEvent } from "../api/types";
import { proofs } from "./proof";

const none = { age_check: { status: "required" }, doorstep: { passed: false, method: null, grade: null } };
let seq = 0;
const event = (type: string, data: Record<string, unknown>) =>
  ({ seq: (seq += 1), type, at: "2026-11-20T18:03:05Z", data }) as unknown as DossierEvent;

const requested = event("age_check_requested", { check_id: "chk_1", provider: "fake", evidence: "database_check" });
const unread = event("doorstep_check_failed", { method: "scan", grade: "parsed", document_read: false, reasons: ["document_unreadable"] });

test("nothing is claimed before anything was checked", () => {
  expect(proofs(none, []).map(({ kind, verdict, grade }) => [kind, verdict, grade])).toEqual([
    ["No check yet", "Not yet", null],
    ["No check yet", "Not yet", null],
  ]);
});

test("the check at checkout says which kind of evidence it is, also when the last event does not", () => {
  const [checkout] = proofs(none, [requested, event("age_check_inconclusive", { provider: "fake" })]);
  expect([checkout.kind, checkout.verdict, checkout.tone]).toEqual(["Commercial database", "Inconclusive", "store"]);
  const [document] = proofs(none, [event("age_check_passed", { provider: "onfido", evidence: "document_check" })]);
  expect([document.kind, document.verdict, document.facts[0]]).toEqual(["Document and selfie", "Passed", "by Onfido"]);
});

test("the door's check shows its grade, its circumstances and the scans that read nothing", () => {
  const passed = event("doorstep_check_passed", { method: "manual", grade: "attested", at_door_s: 94, distance_m: 12 });
  const [, door] = proofs(none, [unread, unread, unread, passed]);
  expect([door.kind, door.verdict, door.grade?.name, door.grade?.strength]).toEqual(["Typed by hand", "Passed", "Attested", 1]);
  expect(door.facts.slice(1)).toEqual(["2 min after arriving", "12 m from the door", "3 scans read nothing"]);
});

test("grades differ in strength: issuer-signed before parsed before attested", () => {
  const strengths = ["issuer_signed", "parsed", "attested"].map(
    (grade) => proofs(none, [event("doorstep_check_passed", { method: "scan", grade })])[1].grade?.strength,
  );
  expect(strengths).toEqual([3, 2, 1]);
});

test("a check that failed says why", () => {
  const [, door] = proofs(none, [event("doorstep_check_failed", { method: "scan", grade: "parsed", document_read: true, reasons: ["under_age"] })]);
  expect([door.verdict, door.tone, door.facts.at(-1)]).toEqual(["Failed", "alert", "under age"]);
});

test("before the chain is read, the order itself says how the door was passed", () => {
  const [, door] = proofs({ ...none, doorstep: { passed: true, method: "mobile_licence", grade: "issuer_signed" } }, []);
  expect([door.kind, door.verdict, door.grade?.strength, door.facts]).toEqual(["Mobile licence", "Passed", 3, []]);
});
