import type { LngLat } from "../live/glide";

const STEPS = 32;
/** How far the arc bows out, as a share of its chord. */
const BOW = 0.16;

/**
 * A bowed line from a to b (quadratic Bézier). It says "from here to there" and nothing about streets,
 * which is all that is known of a way nobody has driven yet.
 */
export function arc(a: LngLat, b: LngLat): LngLat[] {
  const squeeze = Math.cos((((a[1] + b[1]) / 2) * Math.PI) / 180);
  const [dx, dy] = [(b[0] - a[0]) * squeeze, b[1] - a[1]];
  const side = dx >= 0 ? 1 : -1;
  const control: LngLat = [
    (a[0] + b[0]) / 2 - (side * dy * 2 * BOW) / squeeze,
    (a[1] + b[1]) / 2 + side * dx * 2 * BOW,
  ];
  return Array.from({ length: STEPS + 1 }, (_, step) => {
    const t = step / STEPS;
    const [p, q, r] = [(1 - t) ** 2, 2 * (1 - t) * t, t ** 2];
    return [p * a[0] + q * control[0] + r * b[0], p * a[1] + q * control[1] + r * b[1]];
  });
}
