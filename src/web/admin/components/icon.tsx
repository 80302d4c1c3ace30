/** @jsxImportSource preact */

/** Drawn on 20 × 20, as strokes. */
const PATHS = {
  home: "M3 9.2 10 3l7 6.2M5 7.8V16a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1V7.8M8 17v-5h4v5",
  pass: "M4 4.5A1.5 1.5 0 0 1 5.5 3h2.7a1.8 1.8 0 0 0 3.6 0h2.7A1.5 1.5 0 0 1 16 4.5v11a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 4 15.5zM7 9h6M7 12.5h4",
  refused: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14M5.2 5.2l9.6 9.6",
  outbox: "M3 12v3.5A1.5 1.5 0 0 0 4.5 17h11a1.5 1.5 0 0 0 1.5-1.5V12M10 13V3M6 6.8 10 3l4 3.8",
  key: "M7 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8M9.8 9.2 16.5 2.5M13 6l2.5 2.5",
  plug: "M7 3v4M13 3v4M5 7h10v2.5a5 5 0 0 1-10 0zM10 14.5V17",
  seal: "M10 12.5a4.75 4.75 0 1 0 0-9.5 4.75 4.75 0 0 0 0 9.5M7.2 11.6 6 17l4-2 4 2-1.2-5.4",
  hook: "M4.5 15.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4M15.5 15.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4M10 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4M9 6.8l-3.5 5M11 6.8l3.5 5M6.5 13.5h7",
  sliders:
    "M3 6h7M14.5 6H17M3 14h2.5M10 14h7M12.2 8.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4M7.8 16.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4",
  people:
    "M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6M2 16.5c.4-3 2.5-4.5 5.5-4.5s5.1 1.5 5.5 4.5M13 3.8a3 3 0 0 1 0 5.4M15 12.4c1.8.6 2.8 2 3 4.1",
  person: "M10 10a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M3.5 17c.6-3.2 3-4.5 6.5-4.5s5.9 1.3 6.5 4.5",
  pulse: "M2 10.5h3.5L8 4l4 12 2.5-5.5H18",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  search: "M9 15a6 6 0 1 0 0-12 6 6 0 0 0 0 12M13.5 13.5 17 17",
  check: "m4 10.5 4 4 8-9",
  chevron: "m7 4 6 6-6 6",
  back: "m12 4-6 6 6 6",
  out: "M8 4H5.5A1.5 1.5 0 0 0 4 5.5v9A1.5 1.5 0 0 0 5.5 16H8M8.5 10H17M13.5 6.5 17 10l-3.5 3.5",
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration beside a text that says the same. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
