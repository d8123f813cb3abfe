/** The colours that carry meaning, the same for chips, bars and the map; values live in tokens.css. */
export const TONES = ["idle", "wait", "store", "road", "door", "done", "alert"] as const;

export type Tone = (typeof TONES)[number];
