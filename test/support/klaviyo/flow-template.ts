import type { FakeEvent } from "./event-store.ts";
import type { FakeProfile, Properties } from "./profile.ts";
import { Float, printed } from "./python-text.ts";

/** Whom a flow is about; flows that a list, a segment or a date starts have no event. */
export interface FlowContext {
  readonly profile: FakeProfile;
  readonly event?: Pick<FakeEvent, "event_properties">;
}

/** What Klaviyo's editor would not save, or the fake does not model. */
export class TemplateError extends Error {}

type Scope = Readonly<Record<string, unknown>>;

const TAG = /\{\{(.*?)\}\}|\{%(.*?)%\}/gs;
const LITERAL = /^(?:'([^']*)'|"([^"]*)"|(-?\d+(?:\.\d+)?))$/;
const PATH = /^[A-Za-z_]\w*(?:\.\w+)*$/;
const PART = /(?:'[^']*'|"[^"]*"|[^|'"])+/g;
const FILTER = /^(\w+)(?::(.+))?$/s;
const FOR = /^for\s+(\w+)\s+in\s+(.+)$/s;

/**
 * Renders what people type into a flow's webhook: `{{ path|filter:'argument' }}` and `{% for x in path %}`, with the filters
 * `default` and `lookup`. Values are put in as they print, without any thought of JSON; `escapesHtml` as in e-mails.
 */
export function renderFlowTemplate(template: string, context: FlowContext, escapesHtml = false): string {
  const finish = escapesHtml ? escaped : (text: string) => text;
  return render(template, scopeOf(context), finish);
}

function scopeOf({ profile, event }: FlowContext): Scope {
  const { id, external_id, properties, location: _location, ...fields } = profile;
  // A field that is not set is a variable that does not exist; a property may be an explicit null.
  const set: Scope = Object.fromEntries(
    Object.entries({ ...fields, KlaviyoID: id, id: external_id }).filter(([, value]) => value !== null),
  );
  const { email, first_name, last_name, phone_number, organization } = set;
  return {
    person: { ...properties, ...set },
    email,
    first_name,
    last_name,
    phone_number,
    organization,
    event: event && eventScope(event.event_properties),
  };
}

/** Klaviyo keeps `$value` as a float: 70 prints as 70.0. */
function eventScope(properties: Properties): Properties {
  const { $value: value } = properties;
  return typeof value === "number" ? { ...properties, $value: new Float(value) } : properties;
}

function render(template: string, scope: Scope, finish: (text: string) => string): string {
  let output = "";
  let from = 0;
  const tags = new RegExp(TAG);
  for (let tag = tags.exec(template); tag !== null; tag = tags.exec(template)) {
    output += template.slice(from, tag.index);
    from = tags.lastIndex;
    if (tag[1] !== undefined) {
      output += finish(printed(evaluate(tag[1], scope)));
      continue;
    }
    const [, name = "", list = ""] = FOR.exec(tag[2]?.trim() ?? "") ?? [];
    const end = endOfLoop(template, from);
    if (name === "" || end === undefined) throw new TemplateError(`Not modelled: ${tag[0]}`);
    const items = evaluate(list, scope);
    const inner = template.slice(from, end.start);
    for (const item of Array.isArray(items) ? items : []) output += render(inner, { ...scope, [name]: item }, finish);
    from = end.end;
    tags.lastIndex = from;
  }
  return output + template.slice(from);
}

/** Where the loop that begins before `from` ends; loops inside are passed over. */
function endOfLoop(template: string, from: number): { readonly start: number; readonly end: number } | undefined {
  let depth = 1;
  for (const tag of template.slice(from).matchAll(/\{%\s*(for|endfor)\b.*?%\}/gs)) {
    depth += tag[1] === "for" ? 1 : -1;
    if (depth === 0) return { start: from + tag.index, end: from + tag.index + tag[0].length };
  }
  return undefined;
}

function evaluate(expression: string, scope: Scope): unknown {
  const [operand = "", ...filters] = (expression.match(PART) ?? []).map((part) => part.trim());
  let value = operandOf(operand, scope);
  for (const filter of filters) {
    const [, name, argument] = FILTER.exec(filter) ?? [];
    if (argument === undefined || (name !== "default" && name !== "lookup"))
      throw new TemplateError(`Not modelled: ${filter}`);
    const given = operandOf(argument.trim(), scope);
    if (name === "lookup") value = memberOf(value, String(given));
    else if (isFalse(value)) value = given;
  }
  return value;
}

function operandOf(text: string, scope: Scope): unknown {
  const [, single, double, number] = LITERAL.exec(text) ?? [];
  if (number !== undefined) return Number(number);
  const literal = single ?? double;
  if (literal !== undefined) return literal;
  // `{{ event.$value }}` cannot be saved (documented).
  if (!PATH.test(text)) throw new TemplateError(`Could not parse: ${text}`);
  return text.split(".").reduce<unknown>(memberOf, scope);
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Scope)[key];
}

/** What Python takes for false. */
function isFalse(value: unknown): boolean {
  if (value instanceof Float) return value.value === 0;
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return !value;
}

/** Django's own five. */
function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#x27;");
}
