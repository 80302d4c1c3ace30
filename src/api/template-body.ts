import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import type { Problem } from "../errors.ts";
import type { TemplateEdit } from "../templates/edit.ts";
import type { StarterStyle } from "../templates/starter.ts";
import { checkedBody, parseJson, readJsonBody, refusedBody } from "./json-body.ts";
import { CreateTemplateBody, UpdateTemplateBody } from "./schemas/template.ts";
import { FIXED_SETTINGS } from "./template-object.ts";

export interface ReadCreateTemplate {
  readonly name: string;
  readonly style: StarterStyle;
  readonly edit: TemplateEdit;
}

const ForGoogle = Type.Object({ platform: Type.Literal("google") });

/** Reads the body of `POST /v1/pass_templates`. Throws `invalid` with every problem. */
export function readCreateTemplate(raw: string): ReadCreateTemplate {
  const given = parseJson(raw);
  if (Value.Check(ForGoogle, given)) {
    const message = "cannot be google: Passhook makes passes for Apple Wallet only";
    throw refusedBody([{ path: "platform", message }]);
  }
  const body = checkedBody(given, CreateTemplateBody);
  const problems = unkeepable(body);
  if (problems.length > 0) throw refusedBody(problems);
  return { name: body.name, style: body.style, edit: { sharingProhibited: body.disable_sharing?.apple } };
}

/** Reads the body of `PATCH` and `PUT /v1/pass_templates/:template`. Throws `invalid` with every problem. */
export function readTemplateEdit(raw: string): TemplateEdit {
  const body = readJsonBody(raw, UpdateTemplateBody);
  const problems = unkeepable(body);
  if (problems.length > 0) throw refusedBody(problems);
  const fields = Object.entries(body.fields ?? {}).map(([name, field]) => {
    const { api_field_name, default_value, required, visible } = field;
    return [name, { name: api_field_name, default: default_value, required, visible }];
  });
  return {
    name: body.name,
    fields: Object.fromEntries(fields),
    sharingProhibited: body.disable_sharing?.apple,
  };
}

/** Settings that would have no effect here: whoever asks for them must not believe that they have one. */
function unkeepable(body: Pick<UpdateTemplateBody, "install_constraints" | "disable_sharing" | "top_up">): Problem[] {
  const problems: Problem[] = [];
  const check = (setting: string, given: object = {}, fixed: Readonly<Record<string, unknown>>) => {
    for (const [name, value] of Object.entries(given)) {
      if (name in fixed && value !== fixed[name]) {
        problems.push({ path: `${setting}.${name}`, message: `can only be ${fixed[name]}: Passhook does not have it` });
      }
    }
  };
  check("install_constraints", body.install_constraints, FIXED_SETTINGS.install_constraints);
  check("disable_sharing", body.disable_sharing, { google: false });
  check("top_up", body.top_up, FIXED_SETTINGS.top_up);
  return problems;
}
