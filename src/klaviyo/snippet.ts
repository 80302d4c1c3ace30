import type { Json } from "../templates/placeholders.ts";
import type { TemplateVersion } from "../templates/template-store.ts";
import { EVENT_ID_TAG, PERSON_TAGS, propertyTag, suggestTag } from "./snippet-tags.ts";
import { prefixOf } from "./subject.ts";

/** What a flow does with a pass. */
export const SNIPPET_ACTIONS = ["issue", "update", "void"] as const;
export type SnippetAction = (typeof SNIPPET_ACTIONS)[number];

/** What to paste into Klaviyo's webhook action, in the order of its form. */
export interface Snippet {
  readonly action: SnippetAction;
  readonly template: { readonly id: string; readonly name: string };
  readonly url: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** JSON with Klaviyo's tags in it. */
  readonly body: string;
  /** Fields whose value a person must look at, and why. */
  readonly adapt: readonly { readonly field: string; readonly tag: string; readonly why: string }[];
  /** The pass's link in emails and texts; each line is one way to write it. */
  readonly links: readonly { readonly tag: string; readonly when: string }[];
  readonly notes: readonly string[];
}

export interface SnippetRequest {
  readonly action: SnippetAction;
  readonly template: TemplateVersion;
  readonly publicUrl: string;
}

const ADDED_POINTS = 50;

/** The webhook action of a flow for one template. */
export function createSnippet({ action, template, publicUrl }: SnippetRequest): Snippet {
  const { id, accountId, definition } = template;
  const byRecipient = `${publicUrl}/v1/passes/${id}/by-recipient`;
  const fields = fieldsOf(template);
  const points = action === "update" ? fields.find(({ type }) => type === "number")?.name : undefined;
  const told = fields.filter(({ name }) => action !== "void" && name !== points);
  const prefix = prefixOf(template);
  return {
    action,
    template: { id, name: definition.name },
    url: { issue: `${publicUrl}/v1/passes`, update: byRecipient, void: `${byRecipient}/void` }[action],
    headers: [
      { name: "X-API-KEY", value: "the key from: passhook key create" },
      { name: "X-ACCOUNT-ID", value: accountId },
    ],
    body: JSON.stringify(bodyOf(action, id, fields, points), null, 2),
    adapt: told.flatMap(({ name, tag, adapt, fallback }) => {
      const otherwise =
        action === "issue" && fallback !== undefined ? ` Where it is blank, the pass shows "${fallback}".` : "";
      return adapt === null ? [] : [{ field: name, tag, why: adapt + otherwise }];
    }),
    links: [
      { tag: propertyTag(`${prefix}_url`), when: "always" },
      {
        tag: `${publicUrl}/p/{{ person.external_id }}`,
        when: "where Passhook sets the profile's external id, because it was blank",
      },
    ],
    notes: notesOf(action, points, publicUrl),
  };
}

interface SnippetField {
  readonly name: string;
  readonly type: string;
  readonly tag: string;
  readonly adapt: string | null;
  readonly fallback: string | number | boolean | undefined;
}

/** All of them, those first that stay empty unless the webhook fills them. */
function fieldsOf({ definition }: TemplateVersion): SnippetField[] {
  const fields = Object.entries(definition.fields).map(([name, field]) => ({
    name,
    type: field.type,
    fallback: field.default,
    ...suggestTag(name, field, definition),
  }));
  return [
    ...fields.filter(({ fallback }) => fallback === undefined),
    ...fields.filter(({ fallback }) => fallback !== undefined),
  ];
}

function bodyOf(
  action: SnippetAction,
  templateId: string,
  fields: readonly SnippetField[],
  points: string | undefined,
): Json {
  const recipient = { ...PERSON_TAGS };
  if (action === "void") return { recipient };
  return {
    ...(action === "issue" ? { passTemplate: templateId } : {}),
    pass: Object.fromEntries(
      fields.map(({ name, tag }): [string, Json] => [name, name === points ? { add: ADDED_POINTS } : tag]),
    ),
    recipient,
    idempotencyKey: EVENT_ID_TAG,
  };
}

/** Why Klaviyo cannot call this server, if so. */
export const unreachable = (publicUrl: string): string[] =>
  publicUrl.startsWith("https:")
    ? []
    : [`Klaviyo posts to https addresses only, and this one is ${publicUrl}: set PASSHOOK_PUBLIC_URL.`];

function notesOf(action: SnippetAction, points: string | undefined, publicUrl: string): string[] {
  const notes: string[] = [...unreachable(publicUrl)];
  notes.push(
    "Keep the quotes around every tag, and every field and every key of recipient, also where it is blank: Klaviyo puts values into this text as they are.",
  );
  if (action !== "issue") {
    notes.push("It is about the newest pass of this template that the person has; it need not be written back yet.");
  }
  if (action === "update") {
    notes.push("A field that comes blank keeps its value.");
  }
  if (points !== undefined) {
    notes.push(
      `"${points}" is added to: write how much, or put a tag in quotes there. To set it, write the number itself instead of {"add": …}.`,
      'In a flow that no event starts, write an idempotencyKey of your own, such as "welcome-bonus-{{ person.KlaviyoID }}", or a repeat would add once more.',
    );
  }
  if (action !== "void") {
    notes.push(
      "idempotencyKey is the id of the event that started the flow, so that a repeat counts once; it is blank in flows that a list, a segment or a date starts.",
    );
  }
  return notes;
}
