import { AppError } from "../errors.ts";
import { isEmail } from "../templates/field-values.ts";

/** As it is stored and compared. */
export const canonicalEmail = (given: string): string => given.trim().toLowerCase();

/** Throws `invalid`, at the path `email`, for what is no address. */
export function checkedEmail(given: string): string {
  const email = canonicalEmail(given);
  if (isEmail(email)) return email;
  const message = email === "" ? "Give an e-mail address." : `"${email}" is not an e-mail address.`;
  throw new AppError("invalid", "This e-mail address cannot be used.", { details: [{ path: "email", message }] });
}
