import type { LeasedJob } from "./job.ts";

/** Names the lane of a job or a lane. */
export const laneKey = ({ accountId, kind, channel }: Pick<LeasedJob, "accountId" | "kind" | "channel">): string =>
  `${accountId} ${kind} ${channel}`;
