const PATHS = {
  overview: "M3 12.5V9M8 12.5v-9M13 12.5V6.5",
  orders: "M3.5 5.5h9l-.7 7.5H4.2zM6 7.5V4.5a2 2 0 0 1 4 0v3",
  drivers: "M13.5 2.5 2.5 7l4.6 1.9L9 13.5z",
  dispatch: "M3.5 5.6a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2M3.5 13.6a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2M12.5 9.6a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2M5.2 4.4l5.7 2.9M5.2 11.6l5.7-2.9",
  stores: "M2.5 6.5 3.5 3h9l1 3.5M3.5 8v5h9V8M2.5 6.5a1.8 1.8 0 0 0 3.6 0 1.9 1.9 0 0 0 3.8 0 1.8 1.8 0 0 0 3.6 0M6.5 13v-2.8h3V13",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M10.3 10.3l3.2 3.2",
  close: "m4 4 8 8M12 4l-8 8",
  back: "M9.5 3.5 5 8l4.5 4.5",
  sun: "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9",
  moon: "M13.3 9.6A5.7 5.7 0 0 1 6.4 2.7a5.7 5.7 0 1 0 6.9 6.9",
  exit: "M6.5 13.5h-3v-11h3M10 5l3 3-3 3M12.7 8H6.5",
  keyboard: "M2 4.5h12v7H2zM4.5 7h.01M7 7h.01M9.5 7h.01M11.7 7h.01M5 9.3h6",
  copy: "M5.5 5.5h7v7h-7zM3.5 10.5v-7h7",
  check: "m3.5 8.5 3 3 6-7",
  alert: "M8 2.5 14 13H2zM8 6.5v3M8 11.3h.01",
  shield: "M8 2l5 1.8v3.7c0 3-2.1 5.4-5 6.5-2.9-1.1-5-3.5-5-6.5V3.8z",
  follow: "M8 12.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M8 1.5v3M8 11.5v3M1.5 8h3M11.5 8h3",
  plus: "M8 3.5v9M3.5 8h9",
  minus: "M3.5 8h9",
  frame: "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
  offline: "M2.5 2.5l11 11M5 8.2A5 5 0 0 1 7 7M3 5.9a8 8 0 0 1 2-1.2M8 4a8 8 0 0 1 5 1.9M10.5 7.9l.5.3M8 11.5h.01",
  zones: "M8 1.8l5.4 3.1v6.2L8 14.2l-5.4-3.1V4.9zM8 5l2.6 1.5v3L8 11 5.4 9.5v-3z",
  chevron: "m6 4 4 4-4 4",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
