/** @jsxImportSource preact */
import { type Dated, statusOf } from "../../../passes/status.ts";
import { capitalised, PASS_STATUS_TONES } from "../words.ts";
import { Badge } from "./badge.tsx";

/** How a pass stands at a time. */
export function PassStatusBadge({ of, now }: { of: Dated; now: number }) {
  const status = statusOf(of, now);
  return <Badge tone={PASS_STATUS_TONES[status]}>{capitalised(status)}</Badge>;
}
