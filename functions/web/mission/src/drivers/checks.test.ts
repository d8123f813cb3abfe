import { expect, test } from "vitest";
import type { DriverChecks } from "../api/types";
import { anomaly, byUrgency, summary } from "./checks";

const plain: DriverChecks = {
  driver_id: "drv_plain", checks: 12, passed: 10, failed_scans: 0, manual: 0, manual_share: 0, fast: 0, far: 0,
  decoys_refused: 0, decoys_handed_over: 0, anomalies: [],
};
const byHand = { ...plain, driver_id: "drv_hand", manual: 4, manual_share: 0.4, anomalies: ["many_manual_checks"] };
const twice = { ...byHand, driver_id: "drv_twice", fast: 3, far: 1, anomalies: ["many_manual_checks", "implausibly_fast_checks"] };
const decoy = { ...plain, driver_id: "drv_decoy", decoys_handed_over: 1, anomalies: ["handed_over_to_a_decoy"] };

test("whoever served a decoy comes first, then whoever stands out most", () => {
  const order = [plain, byHand, twice, decoy].sort(byUrgency).map(({ driver_id }) => driver_id);
  expect(order).toEqual(["drv_decoy", "drv_twice", "drv_hand", "drv_plain"]);
});

test("a summary leaves out what did not happen", () => {
  expect(summary(plain)).toEqual(["12 checks"]);
  expect(summary(twice)).toEqual(["12 checks", "40 % by hand", "3 fast", "1 far"]);
});

test("a code that only a newer server knows is shown by its own name", () => {
  expect(anomaly("signs_with_one_hand").name).toBe("Signs with one hand");
});
