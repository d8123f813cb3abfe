import { describe, expect, test } from "vitest";
import type { Candidate } from "../api/types";
import { axisOf, segmentsOf, type Term, toPercent } from "./terms";

const candidate = (terms: Partial<Record<Term | "p_accept", number>>): Candidate => {
  const all = { T: 0, L: 0, E: 0, R: 0, F: 0, Z: 0, p_accept: 1, ...terms };
  const sum = all.T + all.L + all.E + all.R + all.F + all.Z;
  return { driver_id: "drv_1", cost: sum / all.p_accept, approach_s: all.T, eta_s: all.E, terms: all };
};

describe("the stacked cost of a candidate", () => {
  test("adds up to its cost, credits counted against it", () => {
    const one = candidate({ T: 240, E: 120, F: -60, p_accept: 0.5 });
    const total = segmentsOf(one, axisOf([one])).reduce((sum, { seconds }) => sum + seconds, 0);
    expect(total).toBeCloseTo(one.cost);
  });

  test("puts costs end to end right of zero and credits left of it", () => {
    const one = candidate({ T: 300, E: 100, F: -50, Z: -50 });
    const axis = axisOf([one]);
    const [travel, door, fairness, zone] = segmentsOf(one, axis);
    expect(toPercent(0, axis)).toBeCloseTo(20);
    expect(travel?.left).toBeCloseTo(20);
    expect((travel?.left ?? 0) + (travel?.width ?? 0)).toBeCloseTo(door?.left ?? 0);
    expect((fairness?.left ?? 0) + (fairness?.width ?? 0)).toBeCloseTo(20);
    expect(zone?.left).toBeCloseTo(0);
  });

  test("shares one axis with the other candidates of the job", () => {
    const near = candidate({ T: 100 });
    const far = candidate({ T: 400 });
    const axis = axisOf([near, far]);
    expect(segmentsOf(near, axis)[0]?.width).toBeCloseTo(25);
    expect(segmentsOf(far, axis)[0]?.width).toBeCloseTo(100);
  });
});
