/** @jsxImportSource preact */
import type { Traffic } from "../../../metrics-program.ts";
import { Card } from "../components/card.tsx";
import { Facts } from "../components/facts.tsx";
import { Time } from "../components/time.tsx";
import { durationWords, perMinute } from "../words.ts";

const OUTCOMES: readonly (readonly [outcome: string, words: string])[] = [
  ["created", "made a pass"],
  ["updated", "changed one"],
  ["unchanged", "said nothing new"],
  ["refused", "refused"],
  ["unavailable", "asked to come again"],
];

/** What was done since the start, for all accounts, with the calls whose key is nobody's. */
export function TrafficCard({
  traffic: { startedAt, issueRequests, writeBackSeconds },
  now,
}: {
  traffic: Traffic;
  now: number;
}) {
  const { half, most } = writeBackSeconds;
  const counted = OUTCOMES.filter(([outcome]) => issueRequests[outcome] !== undefined);
  const total = Object.values(issueRequests).reduce((sum, count) => sum + count, 0);
  const minutes = Math.max(1, (now - startedAt) / 60_000);
  return (
    <Card title="All accounts, since the server started">
      <Facts
        facts={[
          ["Started", <Time at={startedAt} now={now} />],
          ["Webhooks", total === 0 ? "none yet" : `${total.toLocaleString("en")}, ${perMinute(total / minutes)}`],
          [
            "What came of them",
            counted.map(([outcome, words]) => `${issueRequests[outcome]?.toLocaleString("en")} ${words}`).join(", "),
          ],
          ["Klaviyo knew", half === undefined ? null : delayWords(half, most)],
        ]}
      />
    </Card>
  );
}

const delayWords = (half: number, most: number | undefined): string =>
  `of half of the changes within ${durationWords(half)}${most === undefined ? "" : `, of 95 in 100 within ${durationWords(most)}`}`;
