import { didYouMean } from "../did-you-mean.ts";
import { AppError } from "../errors.ts";
import type { PageRequest } from "../page.ts";

const MAX_PAGE = 1_000;
const USUAL_PAGE = 50;

/**
 * The parameters of a call, of which each may stand once. Throws `invalid` for one that is not known: a misspelt filter
 * would otherwise mean everything.
 */
export function readParameters<Name extends string>(
  params: URLSearchParams,
  known: readonly Name[],
): Partial<Record<Name, string>> {
  const given: Partial<Record<Name, string>> = {};
  for (const name of params.keys()) {
    const match = known.find((one) => one === name);
    if (!match) throw new AppError("invalid", `The parameter "${name}" is not known${didYouMean(name, known)}.`);
    if (params.getAll(name).length > 1) throw new AppError("invalid", `The parameter "${name}" is given twice.`);
    given[match] = params.get(name) ?? "";
  }
  return given;
}

/** `limit` and `after` of a list. Throws `invalid`. */
export function readPage({ limit, after }: { limit?: string | undefined; after?: string | undefined }): PageRequest {
  const n = limit === undefined ? USUAL_PAGE : Number(limit);
  if (Number.isInteger(n) && n >= 1 && n <= MAX_PAGE) return { limit: n, after };
  throw new AppError("invalid", `"limit" must be a whole number from 1 to ${MAX_PAGE}.`);
}
