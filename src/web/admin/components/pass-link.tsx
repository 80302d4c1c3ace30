/** @jsxImportSource preact */
import type { Visit } from "../visit.ts";

/** The beginning of a serial number, which leads to its pass. */
export function PassLink({ serial, visit }: { serial: string; visit: Visit }) {
  return (
    <a href={visit.to(`/passes/${serial}`)}>
      <code>{serial.slice(0, 8)}…</code>
    </a>
  );
}
