import { AppError } from "../../../errors.ts";

/**
 * The error of an import with its problems at the fields of the form that was sent: `certificate` and `key` say which
 * field holds each.
 */
export function atFields(error: AppError, fields: { readonly certificate: string; readonly key: string }): AppError {
  if (error.details.length === 0) return error;
  const messages = new Map<string, string[]>();
  for (const { path, message } of error.details) {
    const field = path === "certificate" ? fields.certificate : path === "key" ? fields.key : path;
    // A problem is worded to follow its path; at a field of another name it must say what it is about.
    const text = path === "key" && field !== "key" ? `the key ${message}` : message;
    messages.set(field, [...(messages.get(field) ?? []), text]);
  }
  const details = [...messages].map(([path, texts]) => ({ path, message: texts.join(" ") }));
  return new AppError(error.code, error.message.replace(/:$/, "."), { details });
}
