import { messageOf } from "../errors.ts";

/** warning: works, but not as it should, or not for long. problem: something does not work; `doctor` fails. */
export type CheckState = "good" | "warning" | "problem";

/** What was looked at and what was found; unless it is good, `detail` says what to do. */
export interface Check {
  readonly name: string;
  readonly state: CheckState;
  readonly detail: string;
}

const withState = (state: CheckState) => (name: string, detail: string) => ({ name, state, detail });

export const good = withState("good");
export const warning = withState("warning");
export const problem = withState("problem");

/** What examining itself failed with is a problem too. */
export async function attempt(name: string, examine: () => Promise<Check | readonly Check[]>): Promise<Check[]> {
  try {
    return [await examine()].flat();
  } catch (error) {
    return [problem(name, messageOf(error))];
  }
}
