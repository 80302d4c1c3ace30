/** @jsxImportSource preact */
import { Time } from "../../components/time.tsx";

const MINUTE_MS = 60_000;

/** `goes on in 3 minutes`; pauses are mostly shorter than the smallest unit of relative times. */
export function GoesOn({ at, now, words = "goes on" }: { at: number; now: number; words?: string }) {
  if (at - now < MINUTE_MS) return <>{words} within a minute</>;
  return (
    <>
      {words} <Time at={at} now={now} />
    </>
  );
}
