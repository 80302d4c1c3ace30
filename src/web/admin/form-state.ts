import type { AppError } from "../../errors.ts";
import type { SentForm } from "./sent-form.ts";

/** An action that was refused, with what had been typed. */
export interface RefusedAction {
  readonly action: string;
  readonly form: SentForm;
  readonly error: AppError;
}

/** A form as it is shown: empty at first, with what was typed and what is wrong after it was refused. */
export interface FormState {
  readonly refused: boolean;
  /** What a field starts with, and what is wrong with it. */
  field(name: string, initial?: string): { readonly name: string; readonly value: string; readonly error?: string };
}

export function formState(refused: RefusedAction | undefined): FormState {
  if (!refused) return { refused: false, field: (name, initial = "") => ({ name, value: initial }) };
  const { form, error } = refused;
  return {
    refused: true,
    field(name, initial = "") {
      const problem = error.details.find(({ path }) => path === name);
      const value = form.has(name) ? form.raw(name) : initial;
      return problem ? { name, value, error: problem.message } : { name, value };
    },
  };
}
