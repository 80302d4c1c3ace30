import { isDeepStrictEqual } from "node:util";
import type { Identities } from "../apple/identities.ts";
import type { Database } from "../db/database.ts";
import { countsByTemplate, countsOfTemplate } from "../passes/daily-count-store.ts";
import { editTemplate, type TemplateEdit } from "../templates/edit.ts";
import { starterTemplate } from "../templates/starter.ts";
import { sourceOf } from "../templates/template-source.ts";
import { templateSummaries } from "../templates/template-store.ts";
import type { LiveTemplate, Templates } from "../templates/templates.ts";
import type { AnswerCall, ApiCall } from "./answer-call.ts";
import type { RequiredKeys, TemplateFields, TemplateList, TemplateObject } from "./schemas/template.ts";
import { readCreateTemplate, readTemplateEdit } from "./template-body.ts";
import { requiredKeys, templateFields, templateListItem, templateObject } from "./template-object.ts";

export interface TemplateApiDependencies {
  readonly answer: AnswerCall;
  readonly db: Database;
  readonly templates: Templates;
  readonly identities: Identities;
}

/** Of versions that come this way. */
const AUTHOR = "API";

export type TemplateApi = ReturnType<typeof createTemplateApi>;

/** PassNinja's calls about templates. */
export function createTemplateApi({ answer, db, templates, identities }: TemplateApiDependencies) {
  async function show(accountId: string, id: string): Promise<TemplateObject> {
    const template = await templates.find(accountId, id);
    const counts = await countsOfTemplate(db.read, accountId, template.row.id);
    return templateObject(template, counts, await passTypeOf(template));
  }

  async function passTypeOf({ version: { accountId, definition } }: LiveTemplate): Promise<string> {
    const { passTypeIdentifier } = definition;
    return passTypeIdentifier ?? (await identities.find(accountId, undefined))?.passTypeIdentifier ?? "";
  }

  /** As a push of a folder is: the same checks, the next version, and its phones are told. */
  async function applyEdit(accountId: string, id: string, edit: TemplateEdit): Promise<void> {
    const template = await templates.current(accountId, id);
    const { definition, locales, version } = template;
    const edited = editTemplate({ definition, locales }, edit);
    if (isDeepStrictEqual(edited, { definition, locales })) return;
    const source = {
      ...sourceOf(template),
      definition: edited.definition,
      locales: new Map(Object.entries(edited.locales)),
    };
    await templates.push(accountId, source, { basedOn: version, author: AUTHOR });
  }

  return {
    list: (call: ApiCall): Promise<TemplateList> =>
      answer(call, "read", async (accountId) => {
        const [summaries, counts] = await Promise.all([
          templateSummaries(db.read, accountId),
          countsByTemplate(db.read, accountId),
        ]);
        return { pass_templates: summaries.map((template) => templateListItem(template, counts.get(template.id))) };
      }),

    get: (call: ApiCall, id: string): Promise<TemplateObject> =>
      answer(call, "read", (accountId) => show(accountId, id)),

    create: (call: ApiCall): Promise<TemplateObject> =>
      answer(call, "manage", async (accountId, raw) => {
        const { name, style, edit } = readCreateTemplate(raw);
        const { definition, images } = starterTemplate(name, style);
        const edited = editTemplate({ definition, locales: {} }, edit);
        const { id } = await templates.push(accountId, { definition: edited.definition, images }, { author: AUTHOR });
        return show(accountId, id);
      }),

    update: (call: ApiCall, id: string): Promise<TemplateObject> =>
      answer(call, "manage", async (accountId, raw) => {
        await applyEdit(accountId, id, readTemplateEdit(raw));
        return show(accountId, id);
      }),

    remove: (call: ApiCall, id: string): Promise<object> =>
      answer(call, "manage", async (accountId) => {
        await templates.remove(accountId, id);
        return {};
      }),

    fields: (call: ApiCall, id: string): Promise<TemplateFields> =>
      answer(call, "read", async (accountId) => templateFields(await templates.current(accountId, id))),

    /** What clients ask for before they issue: they refuse to when one of these is missing. */
    requiredKeys: (call: ApiCall, id: string): Promise<RequiredKeys> =>
      answer(call, "read", async (accountId) => {
        const template = await templates.current(accountId, id);
        return { passType: template.id, passTemplate: template.id, keys: requiredKeys(template) };
      }),
  };
}
