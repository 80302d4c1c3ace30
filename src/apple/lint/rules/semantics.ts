import { passDateMs } from "../../format/values.ts";
import { passRule } from "../rule.ts";
import { mismatch, type ShapeProblem } from "../shape.ts";
import { show } from "../words.ts";

/** Tags are for the system, and it is strict about their types. */
export const semanticTypes = passRule({
  id: "APL501",
  severity: "error",
  summary: "a semantic tag has the wrong type",
  effect: "pass refused",
  deviceMessage: 'Value "…" for semantic key "…" is not a dictionary, must be a event info dictionary',
  mark: "observed",
  check: ({ shape }) =>
    (shape.get("APL501") ?? []).map((problem) => ({
      path: problem.path,
      message: problem.fault === "missing" ? "is missing; the tag is refused without it" : mismatch(problem),
      ...deviceMessageOf(problem),
    })),
});

/** Only the message about this one tag is known word for word. */
function deviceMessageOf({ path, value }: ShapeProblem): { deviceMessage?: string } {
  if (!path.endsWith(".semantics.eventStartDateInfo")) return {};
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const shown = show(text).slice(1, -1);
  return {
    deviceMessage: `Value "${shown}" for semantic key "eventStartDateInfo" is not a dictionary, must be a event info dictionary`,
  };
}

/** The system suggests things by these times. */
export const eventOrder = passRule({
  id: "APL510",
  severity: "warning",
  summary: "an event ends before it starts",
  effect: "misleading relevance",
  mark: "inferred",
  *check({ semantics }) {
    for (const { tags, path } of semantics) {
      const [start, end] = [passDateMs(tags["eventStartDate"]), passDateMs(tags["eventEndDate"])];
      if (start !== undefined && end !== undefined && end < start) {
        yield { path: `${path}.eventEndDate`, message: "is before eventStartDate" };
      }
    }
  },
});
